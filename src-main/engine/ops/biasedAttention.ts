import type { Tensor } from '../autodiff/tensor.ts';
import { add } from './arithmetic.ts';
import { attention } from './attention.ts';
import type { AttentionOptions } from './attentionOptions.ts';
import { scoredAttention } from './scoredAttention.ts';

/**
 * `attention` with a bias on its scores, shapes as there. A bias that is not trained goes into the fused kernel, which adds
 * masks as they are; composed masks only hide.
 * @param bias broadcast against `[batch, heads, queryTime, keyTime]`
 */
export function biasedAttention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  bias: Tensor,
  options: AttentionOptions & { readonly mask?: null },
): Tensor {
  if (q.backend.fused && !bias.requiresGradient) return attention(q, k, v, { ...options, mask: bias });
  return scoredAttention(q, k, v, options, (scores) => add(scores, bias));
}
