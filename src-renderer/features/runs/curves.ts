import type { RunEvent, RunEventBody } from '../../../src-main/contract/events.ts';
import type { ChartAxis, Series } from '../../../src-main/contract/runs.ts';
import type { Point } from '../../ui/charts/points.ts';

/** One metric of a run as it is drawn, with what it takes to go on with it live. */
export interface Curve {
  readonly points: Point[];
  totalPoints: number;
}

/** Where along an axis a step stands, as far as its event says. */
export function placesOf(
  body: Extract<RunEventBody, { event: 'stepped' }>,
  at: string,
): Record<ChartAxis, number> {
  return {
    step: body.step,
    epoch: body.epoch,
    tokens: body.tokens ?? 0,
    elapsedSeconds: body.elapsedMs / 1000,
    wallSeconds: Date.parse(at) / 1000,
  };
}

/** A curve from what the host has thinned. */
export function curveFrom({ points, totalPoints }: Series): Curve {
  return {
    totalPoints,
    points: points.map(({ step, place, last, minimum, maximum, smooth }) => ({
      x: place ?? step,
      y: last,
      step,
      ...(minimum < maximum ? { low: minimum, high: maximum } : {}),
      ...(smooth === undefined ? {} : { smooth }),
    })),
  };
}

/** A stretch of a metric that a run took over from the one it was forked from. */
export interface InheritedCurve extends Curve {
  readonly metric: string;
  readonly run: { readonly runId: string; readonly name: string };
}

/** The stretches that were taken over, out of all that the host has sent. */
export function inheritedCurves(series: readonly Series[]): InheritedCurve[] {
  return series.flatMap((each) =>
    each.inheritedFrom ? [{ ...curveFrom(each), metric: each.metric, run: each.inheritedFrom }] : [],
  );
}

/**
 * Goes on with a curve by one live point, its trend included. A step that is there already is left as it is: the host
 * was asked after it happened.
 */
export function appendLive(curve: Curve, point: Point & { step: number }, smoothing: number): void {
  const last = curve.points.at(-1);
  if (last && (last.step ?? last.x) >= point.step) return;
  curve.totalPoints += 1;
  const weight = 1 - smoothing ** curve.totalPoints;
  const before = (last?.smooth ?? last?.y ?? 0) * (1 - smoothing ** (curve.totalPoints - 1));
  const smooth = smoothing > 0 ? (smoothing * before + (1 - smoothing) * point.y) / weight : undefined;
  // A clock that was set back does not turn the curve round.
  const x = Math.max(point.x, last?.x ?? point.x);
  curve.points.push({ ...point, x, ...(smooth === undefined ? {} : { smooth }) });
}

/** Forgets what came after a step, for a run that was taken up again there. */
export function cutAfter(curve: Curve, step: number): void {
  while (curve.points.length > 0 && (curve.points.at(-1)?.step ?? 0) > step) curve.points.pop();
}

/** Steps from which a run was taken up again after a break. */
export function restartsOf(log: readonly RunEvent[]): number[] {
  return log.flatMap(({ body }) =>
    body.event === 'started' && body.resumedFromStep !== null ? [body.resumedFromStep] : [],
  );
}
