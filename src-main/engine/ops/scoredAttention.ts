import type { Tensor } from '../autodiff/tensor.ts';
import { scope } from '../autodiff/scope.ts';
import { scale } from './arithmetic.ts';
import { type AttentionOptions, wholeMask } from './attentionOptions.ts';
import { dropout } from './dropout.ts';
import { matmul } from './matmul.ts';
import { reshape } from './reshape.ts';
import { maskedSoftmax } from './softmax.ts';

/**
 * Attention, as `attention` computes it, whose scores the model changes before the mask is added: soft caps, biases by
 * distance. Shapes as there.
 * @param change scores `[batch, heads, queryTime, keyTime]`, scaled → the changed ones, same shape
 */
export function scoredAttention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: AttentionOptions,
  change: (scores: Tensor) => Tensor,
): Tensor {
  const [batch = 1, heads = 1, queryTime = 1, headSize = 1] = q.shape;
  const [, groups = 1, keyTime = 1] = k.shape;
  const isGrouped = heads !== groups;
  const rows = (heads / groups) * queryTime;
  return scope(() => {
    const scaled = scale(q, options.scale ?? 1 / Math.sqrt(headSize));
    const queries = isGrouped ? reshape(scaled, [batch, groups, rows, headSize]) : scaled;
    const products = matmul(queries, k, { transposeB: true });
    const scores = change(isGrouped ? reshape(products, [batch, heads, queryTime, keyTime]) : products);
    const mask = wholeMask(q.backend, options, queryTime, keyTime);
    const probabilities = maskedSoftmax(scores, mask, 1);
    const dropped = options.dropout
      ? dropout(probabilities, options.dropout.probability, options.dropout.random)
      : probabilities;
    const weights = isGrouped ? reshape(dropped, [batch, groups, rows, keyTime]) : dropped;
    return reshape(matmul(weights, v), [batch, heads, queryTime, v.shape[3] ?? headSize]);
  });
}
