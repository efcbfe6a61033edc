import type { OptionValue } from '../../contract/options.ts';
import type { RunSummary } from '../../contract/runs.ts';

export function formatMetric(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

/** What stands in a column of `runs list`. */
export function formatColumn(value: OptionValue | undefined): string {
  if (value === undefined) return '–';
  // As short as it is exact to five digits: a setting is shown as it was set.
  if (typeof value === 'number') return String(Number(value.toPrecision(5)));
  return typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : String(value) || '–';
}

/** A run as one line: id, status, name, steps, its best known result and when it was made. */
export function describeRun(run: RunSummary): string[] {
  const metric = ['test.accuracy', 'validation.accuracy', 'test.loss', 'validation.loss', 'train.loss'].find(
    (name) => name in run.metrics,
  );
  return [
    run.id,
    run.status,
    run.name,
    `${run.step}/${run.totalSteps ?? '–'}`,
    metric === undefined ? '–' : `${metric} ${formatMetric(run.metrics[metric] ?? 0)}`,
    run.createdAt.slice(0, 16).replace('T', ' '),
  ];
}
