import { differentiable } from '../autodiff/tape.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import { multiply, scale } from './arithmetic.ts';
import { type AttentionOptions, drawOf, wholeMask } from './attentionOptions.ts';
import { dropoutFactors } from './dropout.ts';
import { product } from './matmul.ts';
import { reshape } from './reshape.ts';
import { softmaxBackward, softmaxOf } from './softmax.ts';
import { unrecorded } from './unrecorded.ts';

/**
 * Attention by products and a softmax, shapes as `attention`: the queries of a group are stacked as more rows of one
 * product, so keys and values are never repeated. Saves scaled q, k, v and the weights before dropout, as far as they
 * are needed.
 */
export function composedAttention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions): Tensor {
  const { backend, shape } = q;
  const [batch = 1, heads = 1, queryTime = 1, headSize = 1] = shape;
  const [, groups = 1, keyTime = 1] = k.shape;
  const factor = options.scale ?? 1 / Math.sqrt(headSize);
  const draw = drawOf(options);
  const groupedRows = [batch, groups, (heads / groups) * queryTime, headSize];
  const groupedScores = [batch, groups, (heads / groups) * queryTime, keyTime];
  const scoreShape = [batch, heads, queryTime, keyTime];
  const regroup = (x: Tensor, target: readonly number[]): Tensor =>
    heads === groups ? x : reshape(x, target);

  const { output, weights, scaledQ } = unrecorded(() => {
    const scaled = regroup(scale(q, factor), groupedRows);
    const scores = product(scaled, k, false, true);
    const mask = wholeMask(backend, options, queryTime, keyTime);
    const probabilities = softmaxOf(regroup(scores, scoreShape), mask, 1);
    const dropped = applyFactors(probabilities, drawFactors());
    return {
      output: regroup(product(regroup(dropped, groupedScores), v, false, false), shape),
      weights: probabilities,
      scaledQ: scaled,
    };
  });
  const result = differentiable(output, [q, k, v], (save) => {
    const savedWeights = save(weights);
    const savedQ = k.requiresGradient ? save(scaledQ) : null;
    const savedK = q.requiresGradient ? save(k) : null;
    const savedV = q.requiresGradient || k.requiresGradient ? save(v) : null;
    return (gradient, wanted) => {
      const rows = regroup(gradient, groupedRows);
      const factors = drawFactors();
      const scores = savedV && gradientOfScores(rows, savedV, savedWeights, factors);
      const dropped = wanted[2] && regroup(applyFactors(savedWeights, factors), groupedScores);
      return [
        scores && savedK && regroup(scale(product(scores, savedK, false, false), factor), shape),
        scores && savedQ && product(scores, savedQ, true, false),
        dropped ? product(dropped, rows, true, false) : null,
      ];
    };
  });
  weights.dispose();
  scaledQ.dispose();
  return result;

  function drawFactors(): Tensor | null {
    return draw && dropoutFactors(backend, scoreShape, draw);
  }

  /** Gradient of the scores after scaling: `[batch, groups, rows, keyTime]`. */
  function gradientOfScores(
    rows: Tensor,
    values: Tensor,
    probabilities: Tensor,
    factors: Tensor | null,
  ): Tensor {
    const ofDropped = regroup(product(rows, values, false, true), scoreShape);
    return regroup(softmaxBackward(applyFactors(ofDropped, factors), probabilities), groupedScores);
  }
}

function applyFactors(x: Tensor, factors: Tensor | null): Tensor {
  return factors ? multiply(x, factors) : x;
}
