import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import type { FusedOperations } from '../backend/fused.ts';
import { add, multiply, scale, subtract } from './arithmetic.ts';
import { exp } from './elementwise.ts';
import { unrecorded } from './unrecorded.ts';

function lastSum(x: Tensor): Tensor {
  return new Tensor(x.backend, x.backend.reduce('sum', x.handle, [x.shape.length - 1], true));
}

/** Gradient through p = softmax(s): p·(d − Σ d·p). Unrecorded. */
export function softmaxBackward(gradient: Tensor, probabilities: Tensor): Tensor {
  return multiply(probabilities, subtract(gradient, lastSum(multiply(gradient, probabilities))));
}

/** softmax(scores · factor + mask) over the last axis; mask is additive and broadcasts against scores. Unrecorded. */
export function softmaxOf(scores: Tensor, mask: Tensor | null, factor: number): Tensor {
  return unrecorded(() => {
    const scaled = factor === 1 ? scores : scale(scores, factor);
    const masked = mask ? add(scaled, mask) : scaled;
    return new Tensor(masked.backend, masked.backend.softmax(masked.handle));
  });
}

/** softmax(scores · factor + mask) over the last axis; the mask is not differentiated. */
export function maskedSoftmax(scores: Tensor, mask: Tensor | null, factor: number): Tensor {
  const { fused } = scores.backend;
  if (fused && scores.shape.length === 4) return fusedSoftmax(fused, scores, mask, factor);
  return differentiable(softmaxOf(scores, mask, factor), [scores], (save, output) => {
    const kept = save(output);
    return (gradient) => {
      const inner = softmaxBackward(gradient, kept);
      return [factor === 1 ? inner : scale(inner, factor)];
    };
  });
}

function fusedSoftmax(fused: FusedOperations, scores: Tensor, mask: Tensor | null, factor: number): Tensor {
  const options = { scale: factor, causal: false };
  const output = fused.maskedSoftmax(scores.handle, mask && mask.handle, options);
  return differentiable(output, [scores], (save, probabilities) => {
    const kept = save(probabilities);
    return (gradient) => {
      const inner = fused.maskedSoftmaxGradient(gradient.handle, kept.handle, factor);
      return [new Tensor(gradient.backend, inner)];
    };
  });
}

/** Softmax over the last axis. */
export function softmax(x: Tensor): Tensor {
  return maskedSoftmax(x, null, 1);
}

/** Logarithm of the softmax over the last axis. */
export function logSoftmax(x: Tensor): Tensor {
  return differentiable(x.backend.logSoftmax(x.handle), [x], (save, output) => {
    const kept = save(output);
    return (gradient) => [subtract(gradient, multiply(exp(kept), lastSum(gradient)))];
  });
}
