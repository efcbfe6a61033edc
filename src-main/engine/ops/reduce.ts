import type { Tensor } from '../autodiff/tensor.ts';

/** Sum over `axes`, all when left out. */
export declare function sum(x: Tensor, axes?: readonly number[], keepAxes?: boolean): Tensor;

/** Mean over `axes`, all when left out. */
export declare function mean(x: Tensor, axes?: readonly number[], keepAxes?: boolean): Tensor;

/** Index of the largest value along an axis (the last when left out), int32. Not differentiable. */
export declare function argMax(x: Tensor, axis?: number): Tensor;
