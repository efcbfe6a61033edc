import type { Series } from '../contract/runs.ts';
import type { Curve, Rising } from './curve.ts';

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

/** A stretch of a curve, with where its points stand along the lower edge: the steps themselves, or something else. */
export interface PlacedCurve extends Curve {
  readonly places: Rising;
}

/** The part of a stretch that is in view: its first point, and the one behind its last. */
function inView(places: Rising, { from, to }: CurveView): { begin: number; end: number } {
  const begin = from === undefined ? 0 : places.firstFrom(from);
  if (to === undefined) return { begin, end: places.length };
  // The upper bound itself belongs to the view.
  let end = places.firstFrom(to);
  while (end < places.length && places.at(end) === to) end++;
  return { begin, end: Math.max(begin, end) };
}

interface Buckets {
  /** The bucket that a place belongs to. */
  of(place: number): number;
  /** A place below which all others behind the bucket's first belong to it too; the last few take a closer look. */
  surelyBelow(bucket: number): number;
}

/** Buckets of equal width from the first place to the last, in the logarithm where the view has one. */
function equalBuckets(
  view: CurveView,
  firstPlace: number,
  lastPlace: number,
  places: 'steps' | 'others',
): Buckets | null {
  const { maximumPoints, logarithmic = false } = view;
  const along = (place: number) => (logarithmic ? Math.log(Math.max(place, Number.MIN_VALUE)) : place);
  const first = along(firstPlace);
  const width = along(lastPlace) - first;
  // Steps are whole numbers: the last bucket ends behind the last of them.
  const span = places === 'steps' && !logarithmic ? width + 1 : width;
  if (span <= 0) return null;
  return {
    of: (place) => Math.min(maximumPoints - 1, Math.floor(((along(place) - first) * maximumPoints) / span)),
    surelyBelow(bucket) {
      const end = first + ((bucket + 1 - 1e-6) * span) / maximumPoints;
      return logarithmic ? Math.exp(end) * (1 - 1e-9) : end;
    },
  };
}

/**
 * As many points as can be seen: buckets of equal width, each with its extremes and its last value. All of them where
 * there are no more. The trend is an exponential moving average over every point, also those before the view, corrected
 * so that it starts at the first value instead of at zero.
 * @param parts the curve in stretches, one behind the other
 */
export function decimate(metric: string, parts: readonly PlacedCurve[], view: CurveView): Series {
  const bounds = parts.map(({ places }) => inView(places, view));
  const seen = parts.flatMap(({ steps, places }, part) => {
    const { begin, end } = bounds[part] ?? { begin: 0, end: 0 };
    const span = { first: places.at(begin), last: places.at(end - 1), count: end - begin };
    return begin < end ? [{ ...span, places: places === steps ? 'steps' : 'others' } as const] : [];
  });
  const totalPoints = seen.reduce((sum, { count }) => sum + count, 0);
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last) return { metric, totalPoints, points: [] };
  const buckets =
    totalPoints > view.maximumPoints ? equalBuckets(view, first.first, last.last, first.places) : null;
  const smoothing = view.smoothing ?? 0;
  const points: Series['points'] = [];
  let lastBucket = -1;
  let average = 0;
  let weight = 0;
  for (const [part, { steps, values, places }] of parts.entries()) {
    const { begin, end } = bounds[part] ?? { begin: 0, end: 0 };
    if (smoothing > 0) {
      for (let index = 0; index < begin; index++) {
        average = smoothing * average + (1 - smoothing) * (values[index] ?? 0);
        weight = smoothing * weight + (1 - smoothing);
      }
    }
    let index = begin;
    while (index < end) {
      const bucket = buckets?.of(places.at(index)) ?? lastBucket + 1;
      let after = index + 1;
      if (buckets !== null) {
        after = Math.max(after, places.firstFrom(buckets.surelyBelow(bucket)));
        while (after < end && buckets.of(places.at(after)) === bucket) after++;
        after = Math.min(after, end);
      }
      let minimum = Infinity;
      let maximum = -Infinity;
      for (; index < after; index++) {
        const value = values[index] ?? 0;
        if (value < minimum) minimum = value;
        if (value > maximum) maximum = value;
        average = smoothing * average + (1 - smoothing) * value;
        weight = smoothing * weight + (1 - smoothing);
      }
      // It may have begun in the stretch before.
      const begun = bucket === lastBucket ? points.pop() : undefined;
      points.push({
        step: steps.at(index - 1),
        last: values[index - 1] ?? 0,
        minimum: Math.min(minimum, begun?.minimum ?? Infinity),
        maximum: Math.max(maximum, begun?.maximum ?? -Infinity),
        ...(places === steps ? {} : { place: places.at(index - 1) }),
        ...(smoothing > 0 ? { smooth: average / weight } : {}),
      });
      lastBucket = bucket;
    }
  }
  return { metric, totalPoints, points };
}
