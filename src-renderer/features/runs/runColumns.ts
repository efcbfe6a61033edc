import { type RunExtremes, factNames, orderRuns, runValue } from '../../../src-main/contract/runValues.ts';
import type { OptionValue } from '../../../src-main/contract/options.ts';
import type { RunSummary } from '../../../src-main/contract/runs.ts';

/** Facts that have a column of their own, or stand below the name. */
const alwaysShown: readonly string[] = ['status', 'method'];

/** Every metric, setting and fact some run has: what can be a column, and what a filter can compare. */
export function columnNames(runs: readonly RunSummary[]): {
  metrics: string[];
  settings: string[];
  facts: string[];
} {
  const metrics = new Set<string>();
  const settings = new Set<string>();
  for (const { metrics: found, config } of runs) {
    for (const name of Object.keys(found)) metrics.add(name);
    for (const values of [config.training, config.method.options, config.objective]) {
      for (const name of Object.keys(values)) settings.add(name);
    }
  }
  return {
    metrics: [...metrics].sort(),
    settings: [...settings].sort(),
    facts: factNames.filter((name) => !alwaysShown.includes(name)),
  };
}

/** Settings in which runs differ: what they can sensibly be grouped by. */
export function differingSettings(runs: readonly RunSummary[]): string[] {
  const [first] = runs;
  if (!first) return [];
  return columnNames(runs).settings.filter((name) => {
    const expected = runValue(first, name);
    return runs.some((run) => {
      const value = runValue(run, name);
      // Lists are told apart by what is in them.
      return value !== expected && JSON.stringify(value) !== JSON.stringify(expected);
    });
  });
}

/** `name`, `status`, `result`, `method`, `createdAt`, `duration`, or a column of `runValue`. */
export type SortKey = string;
export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

interface Material {
  readonly durationOf: (run: RunSummary) => number | null;
  /** Higher for better results. */
  readonly goodnessOf: (run: RunSummary) => number | undefined;
  readonly extremes?: RunExtremes | undefined;
}

function sortValue(run: RunSummary, key: SortKey, material: Material): OptionValue | undefined {
  switch (key) {
    case 'name':
    case 'status':
    case 'createdAt':
      return run[key];
    case 'result':
      return material.goodnessOf(run);
    case 'duration':
      return material.durationOf(run) ?? undefined;
    default:
      return runValue(run, key, material.extremes);
  }
}

/** Runs in the order of a column. */
export function sortRuns(
  runs: readonly RunSummary[],
  { key, descending }: Sorting,
  material: Material,
): RunSummary[] {
  return orderRuns(runs, (run) => sortValue(run, key, material), descending);
}
