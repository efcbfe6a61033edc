import type { Tensor } from '../autodiff/tensor.ts';

/** Layer normalisation over the last axis (https://arxiv.org/abs/1607.06450); weight and bias `[width]`. */
export declare function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor;
