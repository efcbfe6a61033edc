import type { Shape } from '../backend/backend.ts';
import { sameShape, sizeOf } from '../backend/shapes.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { reduceTo } from './broadcasting.ts';

function completeShape(x: Tensor, shape: Shape): Shape {
  if (!shape.includes(-1)) return shape;
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  return shape.map((length) => (length === -1 ? x.size / known : length));
}

/** The same values in another shape; one length may be −1. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const from = x.shape;
  const target = completeShape(x, shape);
  if (sizeOf(target) !== x.size)
    throw new Error(`A tensor of shape [${from.join(', ')}] cannot become [${shape.join(', ')}].`);
  return differentiable(x.backend.reshape(x.handle, target), [x], () => (gradient) => [
    new Tensor(gradient.backend, gradient.backend.reshape(gradient.handle, from)),
  ]);
}

/** Axis i of the result is axis `permutation[i]` of x. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  return differentiable(x.backend.transpose(x.handle, permutation), [x], () => {
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return (gradient) => [new Tensor(gradient.backend, gradient.backend.transpose(gradient.handle, inverse))];
  });
}

const swapTimeAndHeads = [0, 2, 1, 3];

/** `[batch, time, heads·headSize]` → `[batch, heads, time, headSize]`. */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch = 1, time = 1, width = 1] = x.shape;
  if (x.shape.length !== 3 || width % heads !== 0)
    throw new Error(`A tensor of shape [${x.shape.join(', ')}] cannot be split into ${heads} heads.`);
  return differentiable(headsApart(x, [batch, time, heads, width / heads]), [x], () => (gradient) => [
    headsTogether(gradient, [batch, time, width]),
  ]);
}

/** `[batch, heads, time, headSize]` → `[batch, time, heads·headSize]`. */
export function mergeHeads(x: Tensor): Tensor {
  const [batch = 1, heads = 1, time = 1, headSize = 1] = x.shape;
  return differentiable(headsTogether(x, [batch, time, heads * headSize]), [x], () => (gradient) => [
    headsApart(gradient, [batch, time, heads, headSize]),
  ]);
}

function headsApart({ backend, handle }: Tensor, shape: readonly [number, number, number, number]): Tensor {
  const [batch, time, heads, headSize] = shape;
  // One token of each row, as in generation: nothing has to move.
  if (time === 1) return new Tensor(backend, backend.reshape(handle, [batch, heads, time, headSize]));
  const split = backend.reshape(handle, shape);
  try {
    return new Tensor(backend, backend.transpose(split, swapTimeAndHeads));
  } finally {
    backend.release(split);
  }
}

function headsTogether({ backend, handle }: Tensor, shape: readonly [number, number, number]): Tensor {
  if (shape[1] === 1) return new Tensor(backend, backend.reshape(handle, shape));
  const swapped = backend.transpose(handle, swapTimeAndHeads);
  try {
    return new Tensor(backend, backend.reshape(swapped, shape));
  } finally {
    backend.release(swapped);
  }
}

/** Part of x; a size of −1 takes the rest of that axis. */
export function slice(x: Tensor, begin: readonly number[], size: readonly number[]): Tensor {
  const from = x.shape;
  const lengths = from.map((length, axis) => {
    const start = begin[axis] ?? 0;
    const wanted = size[axis] ?? -1;
    return wanted === -1 ? length - start : wanted;
  });
  const starts = from.map((_, axis) => begin[axis] ?? 0);
  return differentiable(x.backend.slice(x.handle, starts, lengths), [x], () => (gradient) => {
    const paddings = from.map((length, axis) => {
      const before = starts[axis] ?? 0;
      return [before, length - before - (lengths[axis] ?? 0)] as const;
    });
    return [new Tensor(gradient.backend, gradient.backend.pad(gradient.handle, paddings))];
  });
}

/** Joins tensors along an axis. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  if (first === undefined) throw new Error('concat needs at least one tensor.');
  const { backend } = first;
  const along = axis < 0 ? axis + first.shape.length : axis;
  const shapes = parts.map((part) => part.shape);
  const joined = backend.concat(
    parts.map((part) => part.handle),
    along,
  );
  return differentiable(joined, parts, () => (gradient, wanted) => {
    let start = 0;
    return shapes.map((shape, index) => {
      const begin = shape.map((_, other) => (other === along ? start : 0));
      start += shape[along] ?? 0;
      return wanted[index] ? new Tensor(backend, backend.slice(gradient.handle, begin, shape)) : null;
    });
  });
}

/** Repeats x along axes of length 1 and new leading axes. x itself where nothing changes. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  const from = x.shape;
  if (sameShape(from, shape)) return x;
  return differentiable(x.backend.broadcastTo(x.handle, shape), [x], () => (gradient) => [
    reduceTo(gradient, from),
  ]);
}
