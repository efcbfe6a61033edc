import type { Tensor } from '../autodiff/tensor.ts';

/** a + b, broadcasting as NumPy does. */
export declare function add(a: Tensor, b: Tensor): Tensor;

/** a − b, broadcasting. */
export declare function subtract(a: Tensor, b: Tensor): Tensor;

/** a · b elementwise, broadcasting. */
export declare function multiply(a: Tensor, b: Tensor): Tensor;

/** a / b elementwise, broadcasting. */
export declare function divide(a: Tensor, b: Tensor): Tensor;

/** x · factor. */
export declare function scale(x: Tensor, factor: number): Tensor;

/** x + amount. */
export declare function addScalar(x: Tensor, amount: number): Tensor;
