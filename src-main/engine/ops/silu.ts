import type { Tensor } from '../autodiff/tensor.ts';

/** x · sigmoid(x). */
export declare function silu(x: Tensor): Tensor;

/** silu(gate) · up: the middle of a Llama feed-forward block. Shapes equal. */
export declare function siluGate(gate: Tensor, up: Tensor): Tensor;
