import type { Tensor } from '../autodiff/tensor.ts';
import { gelu, geluTanh, multiply, relu, scale, sigmoid, silu, tanh } from '../ops/index.ts';

/** x · sigmoid(1.702 x), the sigmoid approximation of https://arxiv.org/abs/1606.08415. */
function quickGelu(x: Tensor): Tensor {
  return multiply(x, sigmoid(scale(x, 1.702)));
}

const activations = {
  gelu,
  gelu_python: gelu,
  gelu_new: geluTanh,
  gelu_fast: geluTanh,
  gelu_accurate: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  gelu_python_tanh: geluTanh,
  quick_gelu: quickGelu,
  relu,
  silu,
  swish: silu,
  tanh,
} as const satisfies Record<string, (x: Tensor) => Tensor>;

/** Activations by their name in config.json. */
export type ActivationName = keyof typeof activations;

export const activationNames = Object.keys(activations).filter(
  (name): name is ActivationName => name in activations,
);

export function activate(name: ActivationName, x: Tensor): Tensor {
  return activations[name](x);
}
