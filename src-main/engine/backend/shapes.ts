import type { Shape } from './backend.ts';

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** The shape two shapes broadcast to, as NumPy does. Throws where they cannot. */
export function broadcastShapes(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1)
      throw new Error(`Shapes [${a.join(', ')}] and [${b.join(', ')}] cannot be broadcast together.`);
    shape.push(left === 1 ? right : left);
  }
  return shape;
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** Axes counted from the front, each in range, ascending. */
export function normalizeAxes(axes: readonly number[], rank: number): number[] {
  return axes
    .map((axis) => {
      const positive = axis < 0 ? axis + rank : axis;
      if (!Number.isInteger(positive) || positive < 0 || positive >= rank)
        throw new Error(`Axis ${axis} is outside a tensor of ${rank} axes.`);
      return positive;
    })
    .sort((a, b) => a - b);
}

/**
 * Shape a matrix-product operand must be repeated to before a kernel sees it, or null. Kernels are relied on for one
 * matrix against a stack of them only: oneDNN's writes outside its result where it broadcasts other batches.
 */
export function expandedBatch(own: Shape, other: Shape): Shape | null {
  if (own.length === 2 && other.length <= 3) return null;
  const batch = broadcastShapes(own.slice(0, -2), other.slice(0, -2));
  return sameShape(own.slice(0, -2), batch) ? null : [...batch, ...own.slice(-2)];
}
