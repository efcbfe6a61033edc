import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import type { FusedOperations } from '../backend/fused.ts';
import { activate } from './activation.ts';
import { add, addScalar, multiply, scale, subtract } from './arithmetic.ts';
import { filled } from './create.ts';
import { exp, sigmoid, square } from './elementwise.ts';

/**
 * x · Φ(x) by the error function: BERT's `gelu` (https://arxiv.org/abs/1606.08415). With z = x/√2:
 * Φ = (1 + erf z)/2 and the derivative is Φ + z·exp(−z²)/√π.
 * @param bias `[width of the last axis]`, added to x first
 */
export function gelu(x: Tensor, bias: Tensor | null = null): Tensor {
  const { fused } = x.backend;
  if (fused) return fusedGelu(fused, x, bias, 'erf');
  return activate(bias ? add(x, bias) : x, (value, wantsSlope) => {
    const z = scale(value, Math.SQRT1_2);
    const erf = new Tensor(z.backend, z.backend.unary('erf', z.handle));
    const normal = addScalar(scale(erf, 0.5), 0.5);
    const output = multiply(value, normal);
    if (!wantsSlope) return { output, slope: null };
    // exp(−z²)/√π as one exponential.
    const logarithm = filled(z.backend, [], -0.5 * Math.log(Math.PI));
    const density = exp(subtract(logarithm, square(z)));
    return { output, slope: add(normal, multiply(z, density)) };
  });
}

const slopeAtZero = 2 * Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/**
 * The tanh form: GPT-2's `gelu_new` and `gelu_pytorch_tanh`, written with (1 + tanh u)/2 = sigmoid(2u) where
 * 2u = 2·√(2/π)·(x + 0.044715·x³).
 * @param bias `[width of the last axis]`, added to x first
 */
export function geluTanh(x: Tensor, bias: Tensor | null = null): Tensor {
  const { fused } = x.backend;
  if (fused) return fusedGelu(fused, x, bias, 'tanh');
  return activate(bias ? add(x, bias) : x, (value, wantsSlope) => {
    const squared = square(value);
    const inner = multiply(value, addScalar(scale(squared, slopeAtZero * cubic), slopeAtZero));
    const normal = sigmoid(inner);
    const output = multiply(value, normal);
    if (!wantsSlope) return { output, slope: null };
    const innerSlope = addScalar(scale(squared, 3 * slopeAtZero * cubic), slopeAtZero);
    const spread = subtract(output, multiply(output, normal));
    return { output, slope: add(normal, multiply(spread, innerSlope)) };
  });
}

/** Saves x without the bias. */
function fusedGelu(fused: FusedOperations, x: Tensor, bias: Tensor | null, form: 'erf' | 'tanh'): Tensor {
  const { backend } = x;
  const inputs = bias ? [x, bias] : [x];
  return differentiable(fused.gelu(x.handle, bias && bias.handle, form), inputs, (save) => {
    const [savedX, savedBias] = [save(x), bias && save(bias)];
    return (gradient, wanted) => {
      const wantBias = wanted[1] ?? false;
      const biasHandle = savedBias && savedBias.handle;
      const gradients = fused.geluGradient(gradient.handle, savedX.handle, biasHandle, form, wantBias);
      const dx = new Tensor(backend, gradients.x);
      const dbias = gradients.bias && new Tensor(backend, gradients.bias);
      const answers = [wanted[0] ? dx : null, dbias];
      return answers.slice(0, inputs.length);
    };
  });
}
