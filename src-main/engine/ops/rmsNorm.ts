import type { Tensor } from '../autodiff/tensor.ts';

/** Root-mean-square normalisation over the last axis (https://arxiv.org/abs/1910.07467); weight `[width]`. */
export declare function rmsNorm(x: Tensor, weight: Tensor, epsilon: number): Tensor;
