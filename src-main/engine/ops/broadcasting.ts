import type { Shape } from '../backend/backend.ts';
import { sameShape } from '../backend/shapes.ts';
import { Tensor } from '../autodiff/tensor.ts';

/** Sums a gradient over the axes its operand was broadcast along. The gradient itself where there are none. */
export function reduceTo(gradient: Tensor, shape: Shape): Tensor {
  if (sameShape(gradient.shape, shape)) return gradient;
  const { backend } = gradient;
  const added = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((length, axis) =>
    axis < added || (shape[axis - added] === 1 && length !== 1) ? [axis] : [],
  );
  if (axes.length === 0) return new Tensor(backend, backend.reshape(gradient.handle, shape));
  const sum = new Tensor(backend, backend.reduce('sum', gradient.handle, axes, false));
  return sameShape(sum.shape, shape) ? sum : new Tensor(backend, backend.reshape(sum.handle, shape));
}
