import type { Tensor } from '../autodiff/tensor.ts';

/** max(x, 0). */
export declare function relu(x: Tensor): Tensor;
export declare function tanh(x: Tensor): Tensor;
export declare function sigmoid(x: Tensor): Tensor;
export declare function exp(x: Tensor): Tensor;
export declare function log(x: Tensor): Tensor;
export declare function sqrt(x: Tensor): Tensor;
export declare function square(x: Tensor): Tensor;
