import type { Tensor } from '../autodiff/tensor.ts';

/** x · Φ(x) by the error function: BERT's `gelu` (https://arxiv.org/abs/1606.08415). */
export declare function gelu(x: Tensor): Tensor;

/** The tanh form: GPT-2's `gelu_new` and `gelu_pytorch_tanh`. */
export declare function geluTanh(x: Tensor): Tensor;
