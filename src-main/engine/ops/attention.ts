import type { Backend } from '../backend/backend.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { RandomStream } from './dropout.ts';

/** Added to scores that must not be seen: the most negative float32, as transformers does (a fully masked row stays finite). */
export const MASKED = -3.4028234663852886e38;

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

/**
 * Scaled dot-product attention. q `[batch, heads, queryTime, headSize]`; k, v `[batch, keyValueHeads, keyTime, headSize]`,
 * where heads is a multiple of keyValueHeads (grouped queries, https://arxiv.org/abs/2305.13245).
 * @returns `[batch, heads, queryTime, headSize]`
 */
export declare function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions): Tensor;

/** Additive mask `[batch, 1, 1, time]` from a 1/0 mask int32 `[batch, time]`. Not differentiable. */
export declare function paddingMask(attentionMask: Tensor): Tensor;

/** Additive mask `[1, 1, queryTime, keyTime]`; the queries are the last ones of the keys. */
export declare function causalMask(backend: Backend, queryTime: number, keyTime: number): Tensor;
