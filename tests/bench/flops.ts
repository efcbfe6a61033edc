import type { Example } from '../../src-main/engine/data/examples.ts';
import type { Attached } from '../../src-main/engine/methods/method.ts';
import type { Linear, Model } from '../../src-main/engine/models/model.ts';

/**
 * Floating-point operations that training needs, as model FLOPs utilisation counts them
 * (https://arxiv.org/abs/2204.02311, appendix B): products of matrices only, nothing for padding, and of the backward
 * pass only what leads to something trainable.
 */

/** The number in `encoder.layer.3.attention`. */
function blockOf(path: string): number {
  return Number(/\.(\d+)\./.exec(path)?.[1] ?? Infinity);
}

/** Layers that read what comes into a block: their input's gradient leads out of the block. */
const readsBlockInput = /(query|key|value|[qkv]_lin|[qkv]_proj|c_attn)$/;

interface TrainedPart {
  readonly names: ReadonlySet<string>;
  /** Gradients flow down to this block; −1 where the embeddings are trained too. */
  readonly lowestBlock: number;
}

function findTrainedPart({ trainable }: Attached): TrainedPart {
  const names = new Set(trainable.map(({ name }) => name));
  const inBody = [...names].filter((name) => /embed|wte|wpe/.test(name) || Number.isFinite(blockOf(name)));
  const blocks = inBody.map((name) => (Number.isFinite(blockOf(name)) ? blockOf(name) : -1));
  return { names, lowestBlock: blocks.length === 0 ? Infinity : Math.min(...blocks) };
}

/** Multiply–adds of one token in one layer count two each. */
function layerOperations(linear: Linear, trained: TrainedPart, frozenShare: number): number {
  const one = 2 * linear.inFeatures * linear.outFeatures;
  const block = blockOf(linear.path);
  if (block < trained.lowestBlock) return one * frozenShare;
  const leadsDown = block > trained.lowestBlock || !readsBlockInput.test(linear.path);
  const trainsWeight = trained.names.has(linear.weight.name);
  return one * (1 + (leadsDown ? 1 : 0) + (trainsWeight ? 1 : 0));
}

/** Low-rank matrices and whatever else was added: forward, and two products backward. */
function addedOperations({ added }: Attached): number {
  return [...added.values()].reduce((sum, { size }) => sum + 6 * size, 0);
}

/**
 * @param frozenShare how often frozen layers below everything trainable have to run: once for all epochs
 * @returns the operations one update needs for one example
 */
export function countOperations(
  model: Model,
  attached: Attached,
  frozenShare: number,
): (example: Example) => number {
  const trained = findTrainedPart(attached);
  const perToken =
    [...model.linears.values()].reduce((sum, one) => sum + layerOperations(one, trained, frozenShare), 0) +
    addedOperations(attached);
  const causal = model.head === 'nextToken';
  const passesOf = (block: number) => (block < trained.lowestBlock ? frozenShare : 3);
  const attentionPasses = Array.from({ length: model.blocks }, (_, block) => passesOf(block)).reduce(
    (sum, passes) => sum + passes,
    0,
  );
  const heads = model.headNames.flatMap((name) => model.parameters.get(name) ?? []);
  const headSize = heads.reduce((sum, { size }) => sum + size, 0);
  return ({ ids, target }) => {
    const length = ids.length;
    // Scores and their product with the values; a causal token sees half of the others on average.
    const attended = causal ? (length * (length + 1)) / 2 : length * length;
    const attention = 4 * attended * model.hiddenSize * attentionPasses;
    const counted = typeof target === 'number' ? 1 : target.slice(1).filter((token) => token >= 0).length;
    const head = causal ? 4 * counted * model.hiddenSize * model.vocabularySize : 6 * headSize;
    return perToken * length + attention + head;
  };
}
