import type { DType } from '../backend/backend.ts';
import type { Tensor } from '../autodiff/tensor.ts';

/** Converts between float types; the gradient is converted back. */
export declare function cast(x: Tensor, dtype: DType): Tensor;
