import type { Tensor } from '../autodiff/tensor.ts';

/** Softmax over the last axis. */
export declare function softmax(x: Tensor): Tensor;

export declare function logSoftmax(x: Tensor): Tensor;

/** softmax(scores · scale + mask) over the last axis; mask is additive and broadcasts against scores. */
export declare function maskedSoftmax(scores: Tensor, mask: Tensor | null, scale: number): Tensor;
