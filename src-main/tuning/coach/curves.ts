import type { CurvePoint } from './evidence.ts';

/** The middle value; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Each point replaced by the median of its neighbours, so that single odd batches do not count. */
export function smooth(points: readonly CurvePoint[], reach: number): CurvePoint[] {
  return points.map(({ step }, index) => ({
    step,
    value: median(points.slice(Math.max(0, index - reach), index + reach + 1).map(({ value }) => value)),
  }));
}

/** How many steps make the beginning or the end of a curve: few, for some runs learn much in ten steps. */
function edgeLength(points: readonly CurvePoint[]): number {
  return Math.min(points.length, Math.max(3, Math.round(points.length / 50)));
}

export function startLevel(points: readonly CurvePoint[]): number {
  return median(points.slice(0, edgeLength(points)).map(({ value }) => value));
}

export function endLevel(points: readonly CurvePoint[]): number {
  return median(points.slice(-edgeLength(points)).map(({ value }) => value));
}

export function lowest(points: readonly CurvePoint[]): CurvePoint | undefined {
  return points.reduce<CurvePoint | undefined>(
    (best, point) => (best === undefined || point.value < best.value ? point : best),
    undefined,
  );
}
