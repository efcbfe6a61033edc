import { TunebenchError, errorFromProblems } from '../../contract/errors/index.ts';
import { type Head, type Task, headOf } from '../../contract/methods.ts';
import { scope } from '../autodiff/scope.ts';
import type { Parameter, Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import type { EngineFiles } from '../files.ts';
import { openWeightFiles } from '../formats/weightFiles.ts';
import { gatherRows, indicesFrom, reshape } from '../ops/index.ts';
import type { Network } from './architecture.ts';
import { matchCheckpoint } from './checkpoint.ts';
import { DecoderCache } from './decoderCache.ts';
import { type ModelDescription, checkTask, describeModel, layoutOf } from './description.ts';
import { type Hooks, virtualPositions } from './hooks.ts';
import { type ModelLayout, isInside } from './layout.ts';
import { type WeightForm, loadParameters } from './loadParameters.ts';
import { type Model, type ModelBatch, type Pass, evaluationPass } from './model.ts';
import { withVirtualTokens, withoutVirtualTokens } from './virtualTokens.ts';
import { textStarts } from './sight.ts';
import { Weights } from './weights.ts';

export interface LoadOptions extends WeightForm {
  readonly files: EngineFiles;
  readonly folder: string;
  readonly backend: Backend;
  readonly task: Task;
  /** Class names in the order of the logits; those of the checkpoint when left out. Ignored for heads without classes. */
  readonly labels?: readonly string[];
  /** Decides the values of a head that is started anew. */
  readonly seed: number;
}

/** The head of a checkpoint is of use only where it was made for the same labels, or for labels without names. */
function canReuseHead(description: ModelDescription, labels: readonly string[]): boolean {
  const own = description.labels;
  const isUnnamed = own.every((label, index) => label === `LABEL_${index}`);
  return isUnnamed || own.join('\n') === labels.join('\n');
}

function hasClasses(head: Head): boolean {
  return head === 'classes' || head === 'tokenClasses';
}

function chooseLabels(
  { task, labels, folder }: LoadOptions,
  description: ModelDescription,
): readonly string[] {
  if (!hasClasses(headOf(task))) return [];
  const chosen = labels ?? description.labels;
  if (chosen.length < 1) throw new TunebenchError('model.tooFewLabels', { folder, count: chosen.length });
  return chosen;
}

/** Runs up to a block, from the tokens or from where the batch says. */
function runTo(network: Network, hooks: Hooks, to: number, batch: ModelBatch, pass: Pass): Tensor {
  const embed = () => {
    const embedded = network.embed(batch, pass);
    return hooks.embedded ? hooks.embedded(embedded, pass) : embedded;
  };
  const { hidden, blocks } = batch.prefix ?? { hidden: embed(), blocks: 0 };
  return network.runBlocks(hidden, batch, pass, { from: blocks, to });
}

function encodeWith(network: Network, hooks: Hooks, layers: number, batch: ModelBatch, pass: Pass): Tensor {
  return scope(() => {
    const last = runTo(network, hooks, layers, withVirtualTokens(batch, hooks), pass);
    return network.finish ? network.finish(last, pass) : last;
  });
}

/** The first or last token of each text of a packed batch: `[1, Σ lengths, hidden]` → `[texts, 1, hidden]`. */
function pickTokens(hidden: Tensor, batch: ModelBatch, which: 'first' | 'last'): Tensor {
  const [, time = 0, width = 0] = hidden.shape;
  const starts = textStarts(batch, time);
  const places =
    which === 'first' ? starts : starts.map((start, text) => start + (batch.lengths[text] ?? 1) - 1);
  const rows = gatherRows(reshape(hidden, [time, width]), indicesFrom(hidden.backend, places));
  return reshape(rows, [places.length, 1, width]);
}

function assemble(
  options: LoadOptions,
  description: ModelDescription,
  layout: ModelLayout,
  headModules: readonly string[],
  parameters: ReadonlyMap<string, Parameter>,
): Model {
  const { backend, task, folder } = options;
  const { architecture, blueprint } = description;
  const head = headOf(task);
  const weights = new Weights(layout, parameters, head === 'none' ? architecture.prefix : '');
  const { hooks } = weights;
  const network = blueprint.network(weights, backend, head);
  const without = (what: string) => new Error(`A model loaded for the task ${task} has no ${what}.`);
  return {
    modelType: architecture.modelType,
    head,
    hiddenSize: blueprint.hiddenSize,
    vocabularySize: blueprint.vocabularySize,
    get maximumLength() {
      return blueprint.maximumLength - virtualPositions(hooks);
    },
    labels: chooseLabels(options, description),
    folder,
    configJson: description.configJson,
    className: architecture.classNames[head] ?? '',
    parameters,
    linears: new Map([...weights.linears].filter(([path]) => !isInside(path, headModules))),
    hooks,
    wordEmbedding: weights.parameter(`${layout.words}.weight`),
    vocabularyTable: layout.vocabularyWeight === '' ? null : weights.parameter(layout.vocabularyWeight),
    headNames: [...parameters.keys()].filter((name) => isInside(name, headModules)),
    headModules,
    blocks: blueprint.layers,
    canPack: network.canPack ?? false,
    classifiedToken: network.classifiedToken,
    startToken: network.decoder?.startToken ?? null,
    encode(batch, pass) {
      const { decoder } = network;
      const hidden = encodeWith(network, hooks, blueprint.layers, batch, pass);
      if (decoder && batch.answer) {
        return scope(() => decoder.decode(hidden, withVirtualTokens(batch, hooks), pass));
      }
      return head === 'classes' ? hidden : withoutVirtualTokens(hidden, hooks);
    },
    encodePrefix: (batch, blocks, pass) => scope(() => runTo(network, hooks, blocks, batch, pass)),
    classify(hidden, batch, pass) {
      if (!network.classify) throw without('classes');
      if (!batch.packed) return network.classify(hidden, withVirtualTokens(batch, hooks), pass);
      const tokens = scope(() => pickTokens(hidden, batch, network.classifiedToken));
      return network.classify(tokens, { ...batch, packed: false, lengths: batch.lengths.map(() => 1) }, pass);
    },
    scoreTokens(rows, pass) {
      if (!network.scoreTokens) throw without('classes of tokens');
      return network.scoreTokens(rows, pass);
    },
    vocabularyLogits(rows, pass) {
      if (!network.vocabularyLogits) throw without('output vocabulary');
      return network.vocabularyLogits(rows, pass);
    },
    makeCache(prompts) {
      const { decoder } = network;
      if (decoder && prompts) {
        const encoded = encodeWith(network, hooks, blueprint.layers, prompts, evaluationPass);
        return decoder.remember(encoded, withVirtualTokens(prompts, hooks), evaluationPass);
      }
      if (!network.makeCache) throw without('cache');
      return network.makeCache();
    },
    encodeCached(batch, cache, pass) {
      if (!network.encodeCached || !(cache instanceof DecoderCache)) throw without('cache');
      if (cache.length > 0 || network.decoder) return network.encodeCached(batch, cache, pass);
      const hidden = network.encodeCached(withVirtualTokens(batch, hooks), cache, pass);
      return withoutVirtualTokens(hidden, hooks);
    },
    dispose() {
      for (const parameter of parameters.values()) parameter.dispose();
    },
  };
}

/**
 * Loads a model folder for a task, tensor by tensor. A task head that the checkpoint lacks, or that was made
 * for other labels, starts from N(0, initializer_range) with bias 0; every other missing tensor is an error.
 * @throws TunebenchError naming everything that is missing or does not fit
 */
export function loadModel(options: LoadOptions): Model {
  const { files, folder, task } = options;
  const description = describeModel(files, folder);
  const problems = checkTask(description, task);
  if (problems.length > 0) throw errorFromProblems(problems);
  const labels = chooseLabels(options, description);
  const layout = layoutOf(description, headOf(task), labels.length);
  const weights = openWeightFiles(files, folder);
  try {
    const { architecture, blueprint } = description;
    const reuseHead = canReuseHead(description, labels);
    const match = matchCheckpoint(layout, weights.entries, { architecture, folder, reuseHead });
    if (match.problems.length > 0) throw errorFromProblems(match.problems);
    const { backend, seed } = options;
    const parameters = loadParameters({ backend, blueprint, layout, match, weights, seed }, options);
    return assemble(options, description, layout, match.headModules, parameters);
  } finally {
    weights.close();
  }
}
