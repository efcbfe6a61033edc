import type { Shape } from '../backend/backend.ts';
import type { Tensor } from '../autodiff/tensor.ts';

/** The same values in another shape; one length may be −1. */
export declare function reshape(x: Tensor, shape: Shape): Tensor;

/** Axis i of the result is axis `permutation[i]` of x. */
export declare function transpose(x: Tensor, permutation: readonly number[]): Tensor;

/** `[batch, time, heads·headSize]` → `[batch, heads, time, headSize]`. */
export declare function splitHeads(x: Tensor, heads: number): Tensor;

/** `[batch, heads, time, headSize]` → `[batch, time, heads·headSize]`. */
export declare function mergeHeads(x: Tensor): Tensor;

/** Part of x; a size of −1 takes the rest of that axis. */
export declare function slice(x: Tensor, begin: readonly number[], size: readonly number[]): Tensor;

/** Joins tensors along an axis. */
export declare function concat(parts: readonly Tensor[], axis: number): Tensor;

/** Repeats x along axes of length 1 and new leading axes. */
export declare function broadcastTo(x: Tensor, shape: Shape): Tensor;
