import type { Tensor } from '../autodiff/tensor.ts';

export interface MatmulOptions {
  /** Use `a` with its last two axes swapped. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** Matrix product over the last two axes; leading axes broadcast. */
export declare function matmul(a: Tensor, b: Tensor, options?: MatmulOptions): Tensor;
