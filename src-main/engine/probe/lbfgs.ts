/** A function to be made small: its value at a place, with the gradient written into the second argument. */
export type Objective = (place: Float64Array, gradient: Float64Array) => number;

export interface MinimizeOptions {
  readonly maximumSteps: number;
  /** Ends when no part of the gradient is larger. */
  readonly gradientTolerance: number;
}

/** So many steps are remembered to know the curvature. */
const memory = 10;
/** Share of the promised decrease that a step must bring (Armijo). */
const enoughDecrease = 1e-4;
const shortestStep = 1e-10;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

/** target += factor · x */
function addScaled(target: Float64Array, factor: number, x: Float64Array): void {
  for (let index = 0; index < target.length; index++)
    target[index] = (target[index] ?? 0) + factor * (x[index] ?? 0);
}

interface Step {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  readonly curvature: number;
}

/** −H·g by the two-loop recursion, H being the inverse curvature that the last steps showed. */
function direction(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const result = gradient.map((value) => -value);
  const shares: number[] = [];
  for (const { moved, turned, curvature } of [...steps].reverse()) {
    const share = dot(moved, result) / curvature;
    shares.push(share);
    addScaled(result, -share, turned);
  }
  const newest = steps.at(-1);
  if (newest) {
    const scale = newest.curvature / dot(newest.turned, newest.turned);
    for (let index = 0; index < result.length; index++) result[index] = (result[index] ?? 0) * scale;
  }
  for (const { moved, turned, curvature } of steps) {
    addScaled(result, (shares.pop() ?? 0) - dot(turned, result) / curvature, moved);
  }
  return result;
}

/**
 * Finds a place where a smooth convex function is smallest (L-BFGS; Liu, Nocedal, https://doi.org/10.1007/BF01589116).
 * @param start is not changed
 */
export function minimize(
  objective: Objective,
  start: Float64Array,
  { maximumSteps, gradientTolerance }: MinimizeOptions,
): Float64Array {
  let place = start.slice();
  let gradient = new Float64Array(start.length);
  let value = objective(place, gradient);
  const steps: Step[] = [];
  for (let step = 0; step < maximumSteps; step++) {
    if (gradient.every((part) => Math.abs(part) <= gradientTolerance)) break;
    const way = direction(gradient, steps);
    const slope = dot(gradient, way);
    let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    let next = place;
    let nextGradient = gradient;
    let nextValue = Infinity;
    for (; length >= shortestStep; length /= 2) {
      next = place.slice();
      addScaled(next, length, way);
      nextGradient = new Float64Array(start.length);
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + enoughDecrease * length * slope) break;
    }
    // What is left is below what the objective is computed to.
    if (length < shortestStep) break;
    const moved = next.slice();
    addScaled(moved, -1, place);
    const turned = nextGradient.slice();
    addScaled(turned, -1, gradient);
    const curvature = dot(moved, turned);
    if (curvature > 1e-12) steps.push({ moved, turned, curvature });
    if (steps.length > memory) steps.shift();
    [place, gradient, value] = [next, nextGradient, nextValue];
  }
  return place;
}
