import type { Backend } from '../backend/backend.ts';
import type { Tensor } from '../autodiff/tensor.ts';

export interface RopeTables {
  /** `[batch or 1, 1, time, headSize]` */
  readonly cos: Tensor;
  /** `[batch or 1, 1, time, headSize]` */
  readonly sin: Tensor;
}

/** θ_i = base^(−2i/headSize) for i < headSize/2. */
export declare function inverseFrequencies(headSize: number, base: number): Float64Array;

/**
 * Angles of each position, float32.
 * @param positions one row per batch row, or one row for all
 * @param factor multiplies cos and sin (the attention factor of YaRN and LongRoPE)
 */
export declare function ropeTables(
  backend: Backend,
  positions: readonly (readonly number[])[],
  frequencies: Float64Array,
  factor?: number,
): RopeTables;

/** Rotary position embedding in transformers' half-split form (https://arxiv.org/abs/2104.09864); x `[batch, heads, time, headSize]`. */
export declare function rope(x: Tensor, tables: RopeTables): Tensor;
