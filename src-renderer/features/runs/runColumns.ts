import { runNumber } from '../../../src-main/contract/runFilter.ts';
import type { RunSummary } from '../../../src-main/contract/runs.ts';

/** Every metric and numeric setting some run has: what can be a column, and what a filter can compare. */
export function columnNames(runs: readonly RunSummary[]): { metrics: string[]; settings: string[] } {
  const metrics = new Set<string>();
  const settings = new Set<string>(['trainableParameters']);
  for (const { metrics: found, config } of runs) {
    for (const name of Object.keys(found)) metrics.add(name);
    for (const values of [config.training, config.method.options, config.objective]) {
      for (const [name, value] of Object.entries(values)) if (typeof value === 'number') settings.add(name);
    }
  }
  return { metrics: [...metrics].sort(), settings: [...settings].sort() };
}

/** `name`, `status`, `method`, `createdAt`, `duration`, or a metric or setting. */
export type SortKey = string;
export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

function sortValue(
  run: RunSummary,
  key: SortKey,
  duration: (run: RunSummary) => number | null,
): string | number {
  switch (key) {
    case 'name':
    case 'status':
    case 'createdAt':
      return run[key];
    case 'method':
      return run.methodId;
    case 'duration':
      return duration(run) ?? -1;
    default:
      return runNumber(run, key) ?? Number.NEGATIVE_INFINITY;
  }
}

/** Runs in the order of a column; equal ones stay in the order they came in. */
export function sortRuns(
  runs: readonly RunSummary[],
  { key, descending }: Sorting,
  duration: (run: RunSummary) => number | null,
): RunSummary[] {
  const direction = descending ? -1 : 1;
  return runs.toSorted((first, second) => {
    const [a, b] = [sortValue(first, key, duration), sortValue(second, key, duration)];
    if (typeof a === 'string' && typeof b === 'string') return direction * a.localeCompare(b);
    return a === b ? 0 : direction * (a < b ? -1 : 1);
  });
}
