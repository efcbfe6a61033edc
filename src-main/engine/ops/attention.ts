import type { Backend } from '../backend/backend.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { scale } from './arithmetic.ts';
import { type DropoutDraw, type RandomStream, dropElements } from './dropout.ts';
import { causalMask, combineMasks } from './masks.ts';
import { product } from './matmul.ts';
import { reshape } from './reshape.ts';
import { softmaxBackward, softmaxOf } from './softmax.ts';
import { unrecorded } from './unrecorded.ts';

export interface AttentionOptions {
  /** Additive, broadcast against `[batch, heads, queryTime, keyTime]`; usually `[batch, 1, 1, keyTime]`. */
  readonly mask: Tensor | null;
  /** Each query sees keys up to its own position; with more keys than queries the queries are the last ones. */
  readonly causal: boolean;
  /** Multiplies the scores; 1/√headSize when left out. */
  readonly scale?: number;
  /** Of the attention weights; null outside training. */
  readonly dropout?: { readonly probability: number; readonly random: RandomStream } | null;
}

/** The mask for all that is not to be seen, or null. A single query at the end sees every key anyway. */
function wholeMask(backend: Backend, options: AttentionOptions, queryTime: number, keyTime: number) {
  if (!options.causal || queryTime === 1) return options.mask;
  const causal = causalMask(backend, queryTime, keyTime);
  return options.mask ? combineMasks(options.mask, causal) : causal;
}

function drawOf({ dropout }: AttentionOptions): DropoutDraw | null {
  if (!dropout || dropout.probability === 0) return null;
  return { probability: dropout.probability, seed: dropout.random.seed, stream: dropout.random.next() };
}

/**
 * Scaled dot-product attention. q `[batch, heads, queryTime, headSize]`; k, v `[batch, keyValueHeads, keyTime, headSize]`,
 * where heads is a multiple of keyValueHeads (grouped queries, https://arxiv.org/abs/2305.13245): the queries of a group
 * are stacked as more rows of one product, so keys and values are never repeated. Saves q, k, v and the weights before
 * dropout.
 * @returns `[batch, heads, queryTime, headSize]`
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions): Tensor {
  const { backend, shape } = q;
  const [batch = 1, heads = 1, queryTime = 1, headSize = 1] = shape;
  const [, groups = 1, keyTime = 1] = k.shape;
  if (heads % groups !== 0)
    throw new Error(`${heads} query heads cannot share ${groups} key and value heads.`);
  const factor = options.scale ?? 1 / Math.sqrt(headSize);
  const draw = drawOf(options);
  const groupedRows = [batch, groups, (heads / groups) * queryTime, headSize];
  const groupedScores = [batch, groups, (heads / groups) * queryTime, keyTime];
  const scoreShape = [batch, heads, queryTime, keyTime];
  const regroup = (x: Tensor, target: readonly number[]): Tensor =>
    heads === groups ? x : reshape(x, target);

  const { output, weights } = unrecorded(() => {
    const scores = product(regroup(scale(q, factor), groupedRows), k, false, true);
    const mask = wholeMask(backend, options, queryTime, keyTime);
    const probabilities = softmaxOf(regroup(scores, scoreShape), mask, 1);
    const dropped = draw ? dropElements(probabilities, draw) : probabilities;
    return {
      output: regroup(product(regroup(dropped, groupedScores), v, false, false), shape),
      weights: probabilities,
    };
  });
  const result = differentiable(output, [q, k, v], (save) => {
    const wantsScores = q.requiresGradient || k.requiresGradient;
    const savedWeights = save(weights);
    const savedQ = k.requiresGradient ? save(q) : null;
    const savedK = q.requiresGradient ? save(k) : null;
    const savedV = wantsScores ? save(v) : null;
    return (gradient, wanted) => {
      const rows = regroup(gradient, groupedRows);
      const scores = savedV && gradientOfScores(rows, savedV, savedWeights);
      return [
        scores && savedK && wanted[0] ? regroup(product(scores, savedK, false, false), shape) : null,
        scores && savedQ && wanted[1] ? product(scores, regroup(savedQ, groupedRows), true, false) : null,
        wanted[2] ? gradientOfValues(rows, savedWeights) : null,
      ];
    };
  });
  weights.dispose();
  return result;

  /** Of the scores before scaling, times the scale: `[batch, groups, rows, keyTime]`. */
  function gradientOfScores(rows: Tensor, values: Tensor, probabilities: Tensor): Tensor {
    const dropped = regroup(product(rows, values, false, true), scoreShape);
    const direct = draw ? dropElements(dropped, draw) : dropped;
    return regroup(scale(softmaxBackward(direct, probabilities), factor), groupedScores);
  }

  function gradientOfValues(rows: Tensor, probabilities: Tensor): Tensor {
    const dropped = draw ? dropElements(probabilities, draw) : probabilities;
    return product(regroup(dropped, groupedScores), rows, true, false);
  }
}
