import type { ObjectiveSpec } from '../../../src-main/contract/methods.ts';
import type { Metrics, RunSummary } from '../../../src-main/contract/runs.ts';
import { isLowerBetter } from '../../../src-main/contract/runValues.ts';
import type { Point } from '../../ui/charts/points.ts';

/** `validation.accuracy` → its split and its own name. */
export function splitMetricName(name: string): { split: string; metric: string } {
  const dot = name.indexOf('.');
  return dot < 0
    ? { split: 'train', metric: name }
    : { split: name.slice(0, dot), metric: name.slice(dot + 1) };
}

/** Values that are shares between 0 and 1, to be written as percent. */
export function isShareMetric(metric: string): boolean {
  return /accuracy|f1|precision|recall|exactMatch|^load$|^unknownShare$|^newTokens/i.test(metric);
}

/** Values that are amounts of memory. */
export function isByteMetric(metric: string): boolean {
  return metric.endsWith('Bytes');
}

export interface RunResult {
  split: string;
  metric: string;
  value: number;
}

/** The one number that stands for a run: its deciding metric on the most honest split that has it. */
export function resultOf(
  run: Pick<RunSummary, 'metrics' | 'task'>,
  objectives: readonly Pick<ObjectiveSpec, 'id' | 'decidingMetric'>[],
): RunResult | undefined {
  const deciding = objectives.find(({ id }) => id === run.task)?.decidingMetric.name;
  const metrics = deciding === undefined || deciding === 'loss' ? ['loss'] : [deciding, 'loss'];
  for (const metric of metrics) {
    for (const split of ['test', 'validation', 'train']) {
      const value = run.metrics[`${split}.${metric}`];
      if (value !== undefined) return { split, metric, value };
    }
  }
  return undefined;
}

/** The result of a run as a number that is higher the better it is; losses stand below all shares. */
export function goodnessOf(...of: Parameters<typeof resultOf>): number | undefined {
  const result = resultOf(...of);
  return result && (isLowerBetter(result.metric) ? -result.value : result.value);
}

/** The metrics of one split, by their own names. */
export function metricsOfSplit(metrics: Metrics, split: string): [metric: string, value: number][] {
  return Object.entries(metrics)
    .map(([name, value]) => ({ ...splitMetricName(name), value }))
    .filter((entry) => entry.split === split)
    .map(({ metric, value }) => [metric, value]);
}

/** What a run took rather than what came of it: none of its values is a best one. */
export const technicalMetrics: readonly string[] = [
  'learningRate',
  'gradientNorm',
  'rowsPerSecond',
  'tokensPerSecond',
  'memoryBytes',
  'load',
];

/** Series that are no curves: where steps stand, and what was measured once, before training. */
const asideParts: readonly string[] = ['axis', 'texts'];

/** Which charts to draw: the loss and what decides large, the other ways to see it small, the technical ones last. */
export function chartGroups(
  names: Iterable<string>,
  deciding: string | undefined,
): { main: string[]; side: string[] } {
  const metrics = new Set(
    [...names]
      .map(splitMetricName)
      .filter(({ split }) => !asideParts.includes(split))
      .map(({ metric }) => metric),
  );
  const important = new Set(['loss', deciding]);
  const main = [...important]
    .filter((metric) => metric !== undefined)
    .filter((metric) => metrics.has(metric));
  // Rows and tokens a second draw the same picture.
  if (metrics.has('rowsPerSecond')) metrics.delete('tokensPerSecond');
  const technical = technicalMetrics.filter((metric) => metrics.has(metric));
  const others = [...metrics]
    .filter((metric) => !important.has(metric) && !technical.includes(metric))
    .sort();
  return { main, side: [...others, ...technical] };
}

/** The step with the best value. */
export function bestStep(points: readonly Point[], better: 'higher' | 'lower'): number | undefined {
  let best: Point | undefined;
  for (const point of points) {
    if (!best || (better === 'higher' ? point.y > best.y : point.y < best.y)) best = point;
  }
  return best?.x;
}
