import type { Backend, DType, HostValues, Shape } from '../backend/backend.ts';
import type { Tensor } from '../autodiff/tensor.ts';

/** A tensor of given values; 16-bit types take their raw bit patterns. Copies `values`. */
export declare function fromValues(backend: Backend, values: HostValues, shape: Shape, dtype: DType): Tensor;

/** A tensor holding `value` everywhere. */
export declare function filled(backend: Backend, shape: Shape, value: number, dtype?: DType): Tensor;

/** int32 tensor of given indices. */
export declare function indicesFrom(backend: Backend, values: readonly number[], shape?: Shape): Tensor;
