import type { Tensor } from '../autodiff/tensor.ts';

/**
 * x `[..., in]` · weight (+ bias `[out]`) → `[..., out]`, float32.
 * @param layout `outIn`: weight `[out, in]`; `inOut`: `[in, out]` (GPT-2's Conv1D)
 */
export declare function linear(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  layout?: 'outIn' | 'inOut',
): Tensor;
