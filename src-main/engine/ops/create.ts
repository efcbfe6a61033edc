import type { Backend, DType, HostValues, Shape } from '../backend/backend.ts';
import { Tensor } from '../autodiff/tensor.ts';

/** A tensor of given values; 16-bit types take their raw bit patterns. Copies `values`. */
export function fromValues(backend: Backend, values: HostValues, shape: Shape, dtype: DType): Tensor {
  return new Tensor(backend, backend.upload(values, shape, dtype));
}

/** A tensor holding `value` everywhere. */
export function filled(backend: Backend, shape: Shape, value: number, dtype: DType = 'float32'): Tensor {
  return new Tensor(backend, backend.fill(shape, value, dtype));
}

/** int32 tensor of given indices. */
export function indicesFrom(
  backend: Backend,
  values: readonly number[],
  shape: Shape = [values.length],
): Tensor {
  return new Tensor(backend, backend.upload(Int32Array.from(values), shape, 'int32'));
}
