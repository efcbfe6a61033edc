import type { UnaryOperation } from '../backend/backend.ts';
import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { addScalar, divide, multiply, scale } from './arithmetic.ts';

function unary(operation: UnaryOperation, x: Tensor): Tensor {
  return new Tensor(x.backend, x.backend.unary(operation, x.handle));
}

/** max(x, 0); its gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  const { backend } = x;
  const output = scope(() => {
    const zero = new Tensor(backend, backend.fill([], 0, x.dtype));
    return new Tensor(backend, backend.binary('maximum', x.handle, zero.handle));
  });
  return differentiable(output, [x], (save) => {
    const kept = save(output);
    return (gradient) => {
      const zero = new Tensor(backend, backend.fill([], 0, kept.dtype));
      const positive = new Tensor(backend, backend.binary('greater', kept.handle, zero.handle));
      const passes = new Tensor(backend, backend.cast(positive.handle, gradient.dtype));
      return [multiply(gradient, passes)];
    };
  });
}

/** Hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  return differentiable(unary('tanh', x), [x], (save, output) => {
    const kept = save(output);
    return (gradient) => [multiply(gradient, addScalar(scale(unary('square', kept), -1), 1))];
  });
}

/** 1 / (1 + e^−x). */
export function sigmoid(x: Tensor): Tensor {
  return differentiable(unary('sigmoid', x), [x], (save, output) => {
    const kept = save(output);
    return (gradient) => [multiply(gradient, multiply(kept, addScalar(scale(kept, -1), 1)))];
  });
}

/** e^x. */
export function exp(x: Tensor): Tensor {
  return differentiable(unary('exp', x), [x], (save, output) => {
    const kept = save(output);
    return (gradient) => [multiply(gradient, kept)];
  });
}

/** Natural logarithm. */
export function log(x: Tensor): Tensor {
  return differentiable(unary('log', x), [x], (save) => {
    const kept = save(x);
    return (gradient) => [divide(gradient, kept)];
  });
}

/** Square root; its gradient at 0 is infinite. */
export function sqrt(x: Tensor): Tensor {
  return differentiable(unary('sqrt', x), [x], (save, output) => {
    const kept = save(output);
    return (gradient) => [divide(scale(gradient, 0.5), kept)];
  });
}

/** x². */
export function square(x: Tensor): Tensor {
  return differentiable(unary('square', x), [x], (save) => {
    const kept = save(x);
    return (gradient) => [multiply(gradient, scale(kept, 2))];
  });
}
