import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import type { DropoutDraw, RandomStream } from './dropout.ts';
import { causalMask, combineMasks, rangeMask } from './masks.ts';

export interface AttentionOptions {
  /** Additive, broadcast against `[batch, heads, queryTime, keyTime]`; not differentiated. */
  readonly mask?: Tensor | null;
  /** Each query sees keys up to its own position; with more keys than queries the queries are the last ones. */
  readonly causal: boolean;
  /**
   * int32 `[batch or 1, queryTime or 1, 2]`: each query sees the keys from the first number up to, not including, the
   * second. Padding, and rows packed behind each other, without a mask to read. Each query must see a key.
   */
  readonly ranges?: Tensor | null;
  /** Multiplies the scores; 1/√headSize when left out. */
  readonly scale?: number;
  /** Of the attention weights; null outside training. */
  readonly dropout?: { readonly probability: number; readonly random: RandomStream } | null;
}

/** The mask for all that is not to be seen, or null. A single query at the end sees every key anyway. */
export function wholeMask(
  backend: Backend,
  { mask, causal, ranges }: AttentionOptions,
  queryTime: number,
  keyTime: number,
): Tensor | null {
  const parts = [
    mask ?? null,
    causal && queryTime > 1 ? causalMask(backend, queryTime, keyTime) : null,
    ranges ? rangeMask(ranges, keyTime) : null,
  ].filter((part) => part !== null);
  const [first = null, ...others] = parts;
  return others.reduce((whole, part) => (whole ? combineMasks(whole, part) : part), first);
}

/** The next draw of the dropout asked for, or null. */
export function drawOf({ dropout }: AttentionOptions): DropoutDraw | null {
  if (!dropout || dropout.probability === 0) return null;
  return { probability: dropout.probability, seed: dropout.random.seed, stream: dropout.random.next() };
}
