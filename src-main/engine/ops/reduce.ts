import type { Shape } from '../backend/backend.ts';
import { normalizeAxes } from '../backend/shapes.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { scale } from './arithmetic.ts';

/** A gradient of a reduction, repeated over the axes that were reduced. */
function spread(gradient: Tensor, axes: readonly number[], shape: Shape): Tensor {
  const { backend } = gradient;
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const aligned = new Tensor(backend, backend.reshape(gradient.handle, kept));
  return new Tensor(backend, backend.broadcastTo(aligned.handle, shape));
}

const allAxes = (x: Tensor): number[] => x.shape.map((_, axis) => axis);

/** Sum over `axes`, all when left out. */
export function sum(x: Tensor, axes: readonly number[] = allAxes(x), keepAxes = false): Tensor {
  const { backend, shape } = x;
  const positive = normalizeAxes(axes, shape.length);
  return differentiable(backend.reduce('sum', x.handle, positive, keepAxes), [x], () => (gradient) => [
    spread(gradient, positive, shape),
  ]);
}

/** Mean over `axes`, all when left out. */
export function mean(x: Tensor, axes: readonly number[] = allAxes(x), keepAxes = false): Tensor {
  const { backend, shape } = x;
  const positive = normalizeAxes(axes, shape.length);
  const count = positive.reduce((product, axis) => product * (shape[axis] ?? 1), 1);
  return differentiable(backend.reduce('mean', x.handle, positive, keepAxes), [x], () => (gradient) => [
    spread(scale(gradient, 1 / count), positive, shape),
  ]);
}

/** Index of the largest value along an axis (the last when left out), int32. Not differentiable. */
export function argMax(x: Tensor, axis = -1): Tensor {
  const [positive = 0] = normalizeAxes([axis], x.shape.length);
  return new Tensor(x.backend, x.backend.argMax(x.handle, positive));
}
