import type { Series } from '../contract/runs.ts';
import { type Rising, type Stretch, type WholeCurve, placeAlong } from './curve.ts';
import type { CurveSummary } from './curveSummary.ts';

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

/** A stretch of a curve with where it stands along the lower edge: by its steps, or by something else. */
export interface PlacedStretch extends Stretch {
  readonly firstPlace: number;
  readonly lastPlace: number;
  /** Where its points stand, unless by their steps. */
  readonly places?: Rising;
}

export function placedBySteps(stretch: Stretch): PlacedStretch {
  return { ...stretch, firstPlace: stretch.firstStep, lastPlace: stretch.lastStep };
}

/** Places stretches along another curve: what it says at their steps. */
export function placedAlong(axis: WholeCurve): (stretch: Stretch) => PlacedStretch {
  return ({ firstStep, lastStep, count, points }) => {
    const curve = points();
    const places = placeAlong(curve.steps, axis);
    const [firstPlace, lastPlace] = [places.at(0), places.at(count - 1)];
    return { firstStep, lastStep, count, points: () => curve, places, firstPlace, lastPlace };
  };
}

/** A stretch as far as it is in view: all of it, or the points from `begin` to before `end`. */
interface SeenStretch {
  readonly stretch: PlacedStretch;
  readonly begin: number;
  readonly end: number;
  readonly firstPlace: number;
  readonly lastPlace: number;
}

function inView(stretch: PlacedStretch, { from = -Infinity, to = Infinity }: CurveView): SeenStretch {
  const { firstPlace, lastPlace, count } = stretch;
  if (firstPlace >= from && lastPlace <= to) return { stretch, begin: 0, end: count, firstPlace, lastPlace };
  if (lastPlace < from || firstPlace > to)
    return { stretch, begin: count, end: count, firstPlace, lastPlace };
  const places = stretch.places ?? stretch.points().steps;
  const begin = places.firstFrom(from);
  let end = places.firstFrom(to);
  // The upper bound itself belongs to the view.
  while (end < count && places.at(end) === to) end++;
  end = Math.max(begin, end);
  return { stretch, begin, end, firstPlace: places.at(begin), lastPlace: places.at(end - 1) };
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

/** A moving average on its way along a curve, corrected so that it starts at the first value instead of at zero. */
interface Trend {
  readonly smoothing: number;
  average: number;
  weight: number;
}

/** The extremes of some values, each of which the trend takes in. */
function sweep(values: Float64Array, begin: number, end: number, trend: Trend): [number, number] {
  const { smoothing } = trend;
  let { average, weight } = trend;
  let [minimum, maximum] = [Infinity, -Infinity];
  for (let index = begin; index < end; index++) {
    const value = values[index] ?? 0;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    average = smoothing * average + (1 - smoothing) * value;
    weight = smoothing * weight + (1 - smoothing);
  }
  trend.average = average;
  trend.weight = weight;
  return [minimum, maximum];
}

/** Takes the trend over an entry of a summary. */
function passEntry(trend: Trend, { kept, added }: EntryTrend, entry: number): void {
  trend.average = kept * trend.average + added(entry);
  trend.weight = kept * trend.weight + (1 - kept);
}
type EntryTrend = NonNullable<ReturnType<CurveSummary['trend']>>;

/** So many buckets share a block at most where its summary stands for it: their edges are rounded to its entries. */
const bucketsPerSummary = 4;

/**
 * As many points as can be seen: buckets of equal width, each with its extremes and its last value. All of them where
 * there are no more. Where a bucket holds a thousand points and more, its edges are rounded to entries of summaries.
 * The trend is an exponential moving average over every point, also those before the view.
 * @param stretches the curve in stretches, one behind the other
 */
export function decimate(metric: string, stretches: readonly PlacedStretch[], view: CurveView): Series {
  const seen = stretches.map((stretch) => inView(stretch, view));
  const drawn = seen.filter(({ begin, end }) => begin < end);
  const totalPoints = drawn.reduce((sum, { begin, end }) => sum + end - begin, 0);
  const [first, last] = [drawn[0], drawn.at(-1)];
  if (!first || !last) return { metric, totalPoints, points: [] };
  const kind = first.stretch.places ? 'others' : 'steps';
  const buckets =
    totalPoints > view.maximumPoints ? equalBuckets(view, first.firstPlace, last.lastPlace, kind) : null;
  const smoothing = view.smoothing ?? 0;
  const trend: Trend = { smoothing, average: 0, weight: 0 };
  const points: Series['points'] = [];
  let lastBucket = -1;

  function put(bucket: number, point: Series['points'][number]): void {
    // It may have begun in the stretch before.
    const begun = bucket === lastBucket ? points.pop() : undefined;
    points.push({
      ...point,
      minimum: Math.min(point.minimum, begun?.minimum ?? Infinity),
      maximum: Math.max(point.maximum, begun?.maximum ?? -Infinity),
      ...(smoothing > 0 ? { smooth: trend.average / trend.weight } : {}),
    });
    lastBucket = bucket;
  }

  function putEntries(summary: CurveSummary, entryTrend: EntryTrend, of: Buckets['of']): void {
    for (let entry = 0; entry < summary.length; entry++) {
      passEntry(trend, entryTrend, entry);
      const step = summary.lastStep(entry);
      put(of(step), {
        step,
        last: summary.lastValue(entry),
        minimum: summary.minimum(entry),
        maximum: summary.maximum(entry),
      });
    }
  }

  function putPoints({ stretch, begin, end }: SeenStretch): void {
    const { steps, values } = stretch.points();
    const places = stretch.places ?? steps;
    sweep(values, 0, smoothing > 0 ? begin : 0, trend);
    let index = begin;
    while (index < end) {
      const bucket = buckets?.of(places.at(index)) ?? lastBucket + 1;
      let after = index + 1;
      if (buckets !== null) {
        after = Math.max(after, places.firstFrom(buckets.surelyBelow(bucket)));
        while (after < end && buckets.of(places.at(after)) === bucket) after++;
        after = Math.min(after, end);
      }
      const [minimum, maximum] = sweep(values, index, after, trend);
      index = after;
      const [step, value] = [steps.at(index - 1), values[index - 1] ?? 0];
      const place = stretch.places ? { place: places.at(index - 1) } : {};
      put(bucket, { step, last: value, minimum, maximum, ...place });
    }
  }

  for (const part of seen) {
    const { stretch, begin, end } = part;
    const entryTrend = stretch.summary?.trend(smoothing);
    if (begin === end) {
      if (points.length > 0) break;
      if (smoothing === 0) continue;
      const { summary, count } = stretch;
      if (summary && entryTrend) {
        for (let entry = 0; entry < summary.length; entry++) passEntry(trend, entryTrend, entry);
      } else sweep(stretch.points().values, 0, count, trend);
      continue;
    }
    const whole = end - begin === stretch.count;
    const fewBuckets =
      buckets !== null && buckets.of(part.lastPlace) - buckets.of(part.firstPlace) <= bucketsPerSummary;
    if (whole && fewBuckets && stretch.summary && entryTrend)
      putEntries(stretch.summary, entryTrend, buckets.of);
    else putPoints(part);
  }
  return { metric, totalPoints, points };
}
