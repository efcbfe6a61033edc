import type { ObjectiveSpec } from '../../../src-main/contract/methods.ts';
import { type RunExtremes, isLowerBetter, runValue } from '../../../src-main/contract/runValues.ts';
import type { RunSummary } from '../../../src-main/contract/runs.ts';
import { type Spread, spreadOf } from '../../../src-main/contract/statistics.ts';
import { resultOf } from './runMetrics.ts';

/** Runs that have the same value in one column. */
export interface RunGroup {
  /** Tells the groups of one list apart. */
  readonly key: string;
  readonly value: ReturnType<typeof runValue>;
  readonly runs: readonly RunSummary[];
}

/** Runs by what a column says of them, in the order in which each value comes first; those without one come last. */
export function groupRuns(runs: readonly RunSummary[], column: string, extremes?: RunExtremes): RunGroup[] {
  const groups = new Map<string, { value: RunGroup['value']; runs: RunSummary[] }>();
  for (const run of runs) {
    const value = runValue(run, column, extremes);
    const key = JSON.stringify(value) ?? '';
    const group = groups.get(key) ?? { value, runs: [] };
    group.runs.push(run);
    groups.set(key, group);
  }
  const all = [...groups].map(([key, group]) => ({ key, ...group }));
  return [
    ...all.filter(({ value }) => value !== undefined),
    ...all.filter(({ value }) => value === undefined),
  ];
}

/** What came of a group: the result most of its runs have, over those that have it. */
export interface GroupResult {
  readonly split: string;
  readonly metric: string;
  readonly spread: Spread;
  readonly best: number;
}

export function resultOfGroup(
  { runs }: RunGroup,
  objectives: readonly Pick<ObjectiveSpec, 'id' | 'decidingMetric'>[],
): GroupResult | undefined {
  const byName = new Map<string, { split: string; metric: string; values: number[] }>();
  for (const run of runs) {
    const result = resultOf(run, objectives);
    if (!result) continue;
    const name = `${result.split}.${result.metric}`;
    const found = byName.get(name) ?? { split: result.split, metric: result.metric, values: [] };
    found.values.push(result.value);
    byName.set(name, found);
  }
  const [most] = [...byName.values()].sort((a, b) => b.values.length - a.values.length);
  if (!most) return undefined;
  const { split, metric, values } = most;
  const best = isLowerBetter(metric) ? Math.min(...values) : Math.max(...values);
  return { split, metric, spread: spreadOf(values), best };
}

/** The mean of a column over a group; undefined where it holds no numbers. */
export function meanOfColumn({ runs }: RunGroup, column: string, extremes?: RunExtremes): number | undefined {
  const values = runs
    .map((run) => runValue(run, column, extremes))
    .filter((value) => typeof value === 'number');
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A line of the table. */
export type RunLine =
  | { readonly kind: 'group'; readonly key: string; readonly group: RunGroup; readonly open: boolean }
  | { readonly kind: 'run'; readonly key: string; readonly run: RunSummary };

export const linesOfRuns = (runs: readonly RunSummary[]): RunLine[] =>
  runs.map((run) => ({ kind: 'run', key: run.id, run }));

/** Each group's own line, and below it its runs unless it is closed. */
export function linesOfGroups(groups: readonly RunGroup[], closed: ReadonlySet<string>): RunLine[] {
  return groups.flatMap((group): RunLine[] => {
    const open = !closed.has(group.key);
    const head: RunLine = { kind: 'group', key: `group ${group.key}`, group, open };
    return open ? [head, ...linesOfRuns(group.runs)] : [head];
  });
}
