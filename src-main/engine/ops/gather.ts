import type { Tensor } from '../autodiff/tensor.ts';

/** Rows `[n, ...]` of x `[rows, ...]` at int32 `indices` `[n]`. */
export declare function gatherRows(x: Tensor, indices: Tensor): Tensor;
