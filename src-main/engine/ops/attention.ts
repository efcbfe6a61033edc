import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import type { FusedOperations } from '../backend/fused.ts';
import { type AttentionOptions, drawOf } from './attentionOptions.ts';
import { composedAttention } from './composedAttention.ts';
import { mergeHeads, splitHeads } from './reshape.ts';

export type { AttentionOptions } from './attentionOptions.ts';

/**
 * Scaled dot-product attention. q `[batch, heads, queryTime, headSize]`; k, v `[batch, keyValueHeads, keyTime, headSize]`,
 * where heads is a multiple of keyValueHeads (grouped queries, https://arxiv.org/abs/2305.13245).
 * @returns `[batch, heads, queryTime, headSize]`
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions): Tensor {
  const [, heads = 1, , headSize = 1] = q.shape;
  const keyValueHeads = k.shape[1] ?? 1;
  const sizes = { heads, keyValueHeads, headSize };
  checkHeads(sizes);
  const { fused } = q.backend;
  return fused
    ? fusedAttention(fused, q, k, v, options, sizes, 'headsFirst')
    : composedAttention(q, k, v, options);
}

/**
 * `attention` with heads side by side, as linear layers give them: q `[batch, queryTime, heads·headSize]`, k and v
 * `[batch, keyTime, keyValueHeads·headSize]`.
 * @returns `[batch, queryTime, heads·headSize]`
 */
export function attentionOfRows(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  heads: number,
  options: AttentionOptions,
): Tensor {
  const headSize = (q.shape[2] ?? 0) / heads;
  const keyValueHeads = (k.shape[2] ?? 0) / headSize;
  const sizes = { heads, keyValueHeads, headSize };
  checkHeads(sizes);
  const { fused } = q.backend;
  if (fused) return fusedAttention(fused, q, k, v, options, sizes, 'timeFirst');
  return scope(() => {
    const [keys, values] = [splitHeads(k, keyValueHeads), splitHeads(v, keyValueHeads)];
    return mergeHeads(composedAttention(splitHeads(q, heads), keys, values, options));
  });
}

interface HeadSizes {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
}

function checkHeads({ heads, keyValueHeads }: HeadSizes): void {
  if (heads % keyValueHeads !== 0)
    throw new Error(`${heads} query heads cannot share ${keyValueHeads} key and value heads.`);
}

/** Never holds all scores: saves q, k, v and one number for each query, and computes the weights again. */
function fusedAttention(
  fused: FusedOperations,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: AttentionOptions,
  { heads, keyValueHeads, headSize }: HeadSizes,
  layout: 'headsFirst' | 'timeFirst',
): Tensor {
  const { backend } = q;
  const { causal, mask = null, ranges = null } = options;
  const settings = {
    heads,
    keyValueHeads,
    layout,
    scale: options.scale ?? 1 / Math.sqrt(headSize),
    causal,
    dropout: drawOf(options),
  };
  const limits = { mask: mask && mask.handle, ranges: ranges && ranges.handle };
  const inputs = { q: q.handle, k: k.handle, v: v.handle };
  const { output, logSum } = fused.attention(inputs, { ...settings, ...limits });
  const sums = new Tensor(backend, logSum);
  const result = differentiable(output, [q, k, v], (save) => {
    const [savedQ, savedK, savedV, savedSums] = [save(q), save(k), save(v), save(sums)];
    const [savedMask, savedRanges] = [mask && save(mask), ranges && save(ranges)];
    return (gradient, wanted) => {
      const gradients = fused.attentionGradient(
        gradient.handle,
        { q: savedQ.handle, k: savedK.handle, v: savedV.handle },
        savedSums.handle,
        { ...settings, mask: savedMask && savedMask.handle, ranges: savedRanges && savedRanges.handle },
      );
      return [gradients.q, gradients.k, gradients.v].map((handle, index) => {
        const part = handle && new Tensor(backend, handle);
        return wanted[index] ? part : null;
      });
    };
  });
  sums.dispose();
  return result;
}
