import type { Tensor } from '../autodiff/tensor.ts';

/** Rows of `table` `[rows, width]` at int32 `ids` `[...]` → `[..., width]`, float32. */
export declare function embedding(table: Tensor, ids: Tensor): Tensor;
