import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { add, addScalar, multiply, subtract } from './arithmetic.ts';
import { fusedNorm } from './fusedNorm.ts';
import { asRows } from './matmul.ts';
import { unrecorded } from './unrecorded.ts';

/** Mean over the last axis, kept with length 1; unrecorded. */
export function lastMean(x: Tensor): Tensor {
  return new Tensor(x.backend, x.backend.reduce('mean', x.handle, [x.shape.length - 1], true));
}

/** 1/√(x + epsilon), unrecorded. */
export function inverseRoot(x: Tensor, epsilon: number): Tensor {
  return scope(() => new Tensor(x.backend, x.backend.unary('rsqrt', addScalar(x, epsilon).handle)));
}

/** Sum over all axes but the last, unrecorded: `[..., width]` → `[width]`. */
export function columnSum(x: Tensor): Tensor {
  return scope(() => new Tensor(x.backend, x.backend.reduce('sum', asRows(x).handle, [0], false)));
}

/**
 * Layer normalisation over the last axis (https://arxiv.org/abs/1607.06450); weight and bias `[width]`. The variance is
 * the biased one and epsilon stands inside the root.
 * @param residual added to x first, same shape
 */
export function layerNorm(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  epsilon: number,
  residual: Tensor | null = null,
): Tensor {
  const { fused } = x.backend;
  if (fused) return fusedNorm(fused, { x, residual, weight, bias }, epsilon);
  return scope(() => composedNorm(residual ? add(x, residual) : x, weight, bias, epsilon));
}

/** Saves the normalised x and 1/deviation, as far as they are needed. */
function composedNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
  const { output, normalized, inverseDeviation } = unrecorded(() => {
    const centered = subtract(x, lastMean(x));
    const variance = scope(() => lastMean(new Tensor(x.backend, x.backend.unary('square', centered.handle))));
    const inverse = inverseRoot(variance, epsilon);
    const standard = multiply(centered, inverse);
    return {
      output: add(multiply(standard, weight), bias),
      normalized: standard,
      inverseDeviation: inverse,
    };
  });
  const result = differentiable(output, [x, weight, bias], (save) => {
    const keepsRows = x.requiresGradient || weight.requiresGradient;
    const savedRows = keepsRows ? save(normalized) : null;
    const savedInverse = x.requiresGradient ? save(inverseDeviation) : null;
    const savedWeight = x.requiresGradient ? save(weight) : null;
    return (gradient, wanted) => [
      wanted[0] && savedRows && savedInverse && savedWeight
        ? gradientOfX(multiply(gradient, savedWeight), savedRows, savedInverse)
        : null,
      wanted[1] && savedRows ? columnSum(multiply(gradient, savedRows)) : null,
      wanted[2] ? columnSum(gradient) : null,
    ];
  });
  normalized.dispose();
  inverseDeviation.dispose();
  return result;
}

/** dx = (d − mean(d) − x̂·mean(d·x̂)) / deviation, with d the gradient of x̂. */
function gradientOfX(gradient: Tensor, normalized: Tensor, inverseDeviation: Tensor): Tensor {
  const along = multiply(normalized, lastMean(multiply(gradient, normalized)));
  const across = subtract(subtract(gradient, lastMean(gradient)), along);
  return multiply(across, inverseDeviation);
}
