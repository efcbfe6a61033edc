import type { Tensor } from '../autodiff/tensor.ts';
import { add, gelu, geluTanh, multiply, relu, scale, sigmoid, silu, tanh } from '../ops/index.ts';

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
} as const satisfies Record<string, (x: Tensor, bias: Tensor | null) => Tensor>;

const withBias: ReadonlySet<(x: Tensor, bias: Tensor | null) => Tensor> = new Set([gelu, geluTanh]);

/** Activations by their name in config.json. */
export type ActivationName = keyof typeof activations;

export const activationNames = Object.keys(activations).filter(
  (name): name is ActivationName => name in activations,
);

/** @param bias `[width of the last axis]`, added to x first */
export function activate(name: ActivationName, x: Tensor, bias: Tensor | null = null): Tensor {
  const activation: (x: Tensor, bias: Tensor | null) => Tensor = activations[name];
  if (bias === null || withBias.has(activation)) return activation(x, bias);
  return activation(add(x, bias), null);
}
