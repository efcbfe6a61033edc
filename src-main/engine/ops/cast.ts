import type { DType } from '../backend/backend.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';

/** x in another type, unrecorded; x itself where it has that type. */
export function convert(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : new Tensor(x.backend, x.backend.cast(x.handle, dtype));
}

/** Converts between float types; the gradient is converted back. x itself where it has that type. */
export function cast(x: Tensor, dtype: DType): Tensor {
  const from = x.dtype;
  if (from === dtype) return x;
  return differentiable(convert(x, dtype), [x], () => (gradient) => [convert(gradient, from)]);
}
