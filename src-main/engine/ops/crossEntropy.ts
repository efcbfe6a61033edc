import type { Tensor } from '../autodiff/tensor.ts';

/**
 * Mean over rows of −log softmax(logits)[label], a scalar. Nothing is ignored: callers select labelled rows first.
 * @param logits `[rows, classes]`
 * @param labels int32 `[rows]`
 * @param weights `[rows]`, not differentiated: the mean becomes Σ weightᵢ·lossᵢ / Σ weightᵢ
 */
export declare function crossEntropy(logits: Tensor, labels: Tensor, weights?: Tensor): Tensor;
