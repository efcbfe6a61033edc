import type { Series } from '../contract/runs.ts';

/** Every point of a series, in order of steps. */
export interface Curve {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** What of a curve is wanted, and how much of it can be seen. */
export interface CurveView {
  /** Bounds along the lower edge, in its own unit; both included. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly maximumPoints: number;
  /** Weight of what came before in the moving average, below 1; 0 for none. */
  readonly smoothing?: number | undefined;
  /** Buckets of equal width in the logarithm. */
  readonly logarithmic?: boolean | undefined;
}

/** The first index whose value is not below `bound`. */
export function firstFrom(values: Float64Array, bound: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The values of another curve at the steps of this one, straight lines between its points: how far along the lower edge
 * each point stands.
 */
export function placeAlong(steps: Float64Array, axis: Curve): Float64Array {
  const places = new Float64Array(steps.length);
  const lastIndex = axis.steps.length - 1;
  let right = 0;
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index] ?? 0;
    while (right < lastIndex && (axis.steps[right] ?? 0) < step) right++;
    const [rightStep, rightValue] = [axis.steps[right] ?? 0, axis.values[right] ?? 0];
    const left = Math.max(0, right - 1);
    const [leftStep, leftValue] = [axis.steps[left] ?? 0, axis.values[left] ?? 0];
    const inside = rightStep > leftStep && step < rightStep;
    const share = inside ? Math.max(0, (step - leftStep) / (rightStep - leftStep)) : 1;
    places[index] = leftValue + (rightValue - leftValue) * share;
  }
  return places;
}

/**
 * The exponential moving average over all points, before any is left out, corrected so that it starts at the first
 * value instead of at zero.
 */
export function smoothAll(values: Float64Array, smoothing: number): Float64Array {
  const smooth = new Float64Array(values.length);
  let average = 0;
  let weight = 0;
  for (let index = 0; index < values.length; index++) {
    average = smoothing * average + (1 - smoothing) * (values[index] ?? 0);
    weight = smoothing * weight + (1 - smoothing);
    smooth[index] = average / weight;
  }
  return smooth;
}

/**
 * As many points as can be seen: buckets of equal width, each with its extremes and its last value. All of them where
 * there are no more.
 * @param places where each point stands along the lower edge, rising; the steps themselves when left out
 */
export function decimate(
  metric: string,
  { steps, values }: Curve,
  view: CurveView,
  places: Float64Array = steps,
): Series {
  const begin = view.from === undefined ? 0 : firstFrom(places, view.from);
  // The first beyond the upper bound, which itself belongs to the view.
  let end = view.to === undefined ? places.length : firstFrom(places, view.to);
  while (end < places.length && (places[end] ?? 0) === view.to) end++;
  const totalPoints = Math.max(0, end - begin);
  if (totalPoints === 0) return { metric, totalPoints: 0, points: [] };
  const smooth = view.smoothing ? smoothAll(values, view.smoothing) : null;
  const along = view.logarithmic
    ? (place: number) => Math.log(Math.max(place, Number.MIN_VALUE))
    : (place: number) => place;
  const first = along(places[begin] ?? 0);
  const width = along(places[end - 1] ?? 0) - first;
  // Steps are whole numbers: the last bucket ends behind the last of them.
  const span = places === steps && !view.logarithmic ? width + 1 : width;
  const single = totalPoints <= view.maximumPoints || span <= 0;
  const bucketOf = (index: number) =>
    single
      ? index
      : Math.min(
          view.maximumPoints - 1,
          Math.floor(((along(places[index] ?? 0) - first) * view.maximumPoints) / span),
        );
  const points: Series['points'] = [];
  let index = begin;
  while (index < end) {
    const bucket = bucketOf(index);
    // Far from its end a comparison says that a point belongs to the bucket; near it only the division does.
    const surelyInside =
      single || view.logarithmic ? -Infinity : first + ((bucket + 1 - 1e-6) * span) / view.maximumPoints;
    let minimum = Infinity;
    let maximum = -Infinity;
    for (; index < end && ((places[index] ?? 0) < surelyInside || bucketOf(index) === bucket); index++) {
      const value = values[index] ?? 0;
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
    const at = index - 1;
    points.push({
      step: steps[at] ?? 0,
      last: values[at] ?? 0,
      minimum,
      maximum,
      ...(places === steps ? {} : { place: places[at] ?? 0 }),
      ...(smooth === null ? {} : { smooth: smooth[at] ?? 0 }),
    });
  }
  return { metric, totalPoints, points };
}
