import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { multiply, subtract } from './arithmetic.ts';
import { columnSum, inverseRoot, lastMean } from './layerNorm.ts';
import { fusedNorm } from './fusedNorm.ts';
import { unrecorded } from './unrecorded.ts';

/** Root-mean-square normalisation over the last axis (https://arxiv.org/abs/1910.07467); weight `[width]`. */
export function rmsNorm(x: Tensor, weight: Tensor, epsilon: number): Tensor {
  const { fused } = x.backend;
  if (fused) return fusedNorm(fused, { x, residual: null, weight, bias: null }, epsilon);
  return composedRmsNorm(x, weight, epsilon);
}

/** Saves the normalised x and 1/root, as far as they are needed. */
function composedRmsNorm(x: Tensor, weight: Tensor, epsilon: number): Tensor {
  const { output, normalized, inverse } = unrecorded(() => {
    const power = scope(() => lastMean(new Tensor(x.backend, x.backend.unary('square', x.handle))));
    const root = inverseRoot(power, epsilon);
    const standard = multiply(x, root);
    return { output: multiply(standard, weight), normalized: standard, inverse: root };
  });
  const result = differentiable(output, [x, weight], (save) => {
    const savedRows = save(normalized);
    const savedInverse = x.requiresGradient ? save(inverse) : null;
    const savedWeight = x.requiresGradient ? save(weight) : null;
    return (gradient, wanted) => [
      wanted[0] && savedInverse && savedWeight
        ? gradientOfX(multiply(gradient, savedWeight), savedRows, savedInverse)
        : null,
      wanted[1] ? columnSum(multiply(gradient, savedRows)) : null,
    ];
  });
  normalized.dispose();
  inverse.dispose();
  return result;
}

/** dx = (d − x̂·mean(d·x̂)) / root, with d the gradient of x̂. */
function gradientOfX(gradient: Tensor, normalized: Tensor, inverse: Tensor): Tensor {
  const along = multiply(normalized, lastMean(multiply(gradient, normalized)));
  return multiply(subtract(gradient, along), inverse);
}
