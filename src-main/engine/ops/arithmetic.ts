import type { BinaryOperation } from '../backend/backend.ts';
import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { reduceTo } from './broadcasting.ts';

function binaryHandle(operation: BinaryOperation, a: Tensor, b: Tensor) {
  return a.backend.binary(operation, a.handle, b.handle);
}

/** a + b, broadcasting as NumPy does. */
export function add(a: Tensor, b: Tensor): Tensor {
  const shapes = [a.shape, b.shape] as const;
  return differentiable(binaryHandle('add', a, b), [a, b], () => (gradient, wanted) => [
    wanted[0] ? reduceTo(gradient, shapes[0]) : null,
    wanted[1] ? reduceTo(gradient, shapes[1]) : null,
  ]);
}

/** a − b, broadcasting. */
export function subtract(a: Tensor, b: Tensor): Tensor {
  const shapes = [a.shape, b.shape] as const;
  return differentiable(binaryHandle('subtract', a, b), [a, b], () => (gradient, wanted) => [
    wanted[0] ? reduceTo(gradient, shapes[0]) : null,
    wanted[1] ? scale(reduceTo(gradient, shapes[1]), -1) : null,
  ]);
}

/** a · b elementwise, broadcasting. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  const shapes = [a.shape, b.shape] as const;
  return differentiable(binaryHandle('multiply', a, b), [a, b], (save) => {
    const savedA = b.requiresGradient ? save(a) : null;
    const savedB = a.requiresGradient ? save(b) : null;
    return (gradient, wanted) => [
      wanted[0] && savedB ? reduceTo(multiply(gradient, savedB), shapes[0]) : null,
      wanted[1] && savedA ? reduceTo(multiply(gradient, savedA), shapes[1]) : null,
    ];
  });
}

/** a / b elementwise, broadcasting. */
export function divide(a: Tensor, b: Tensor): Tensor {
  const shapes = [a.shape, b.shape] as const;
  return differentiable(binaryHandle('divide', a, b), [a, b], (save, output) => {
    const divisor = save(b);
    const quotient = b.requiresGradient ? save(output) : null;
    return (gradient, wanted) => {
      const share = divide(gradient, divisor);
      return [
        wanted[0] ? reduceTo(share, shapes[0]) : null,
        wanted[1] && quotient ? reduceTo(scale(multiply(share, quotient), -1), shapes[1]) : null,
      ];
    };
  });
}

function withScalar(operation: BinaryOperation, x: Tensor, amount: number): Tensor {
  return scope(() => {
    const scalar = new Tensor(x.backend, x.backend.fill([], amount, x.dtype));
    return new Tensor(x.backend, x.backend.binary(operation, x.handle, scalar.handle));
  });
}

/** x · factor. */
export function scale(x: Tensor, factor: number): Tensor {
  return differentiable(withScalar('multiply', x, factor), [x], () => (gradient) => [
    scale(gradient, factor),
  ]);
}

/** x + amount. */
export function addScalar(x: Tensor, amount: number): Tensor {
  return differentiable(withScalar('add', x, amount), [x], () => (gradient) => [gradient]);
}
