import type { RunSummary } from '../../../src-main/contract/runs.ts';

/** A run among those it is related to. */
export interface Relative {
  readonly run: RunSummary;
  readonly parent: RunSummary | undefined;
  /** How many steps below the oldest one. */
  readonly depth: number;
}

/** The oldest run this one goes back to; one that was thrown away ends the line. */
function oldestOf(run: RunSummary, byId: ReadonlyMap<string, RunSummary>): RunSummary {
  const seen = new Set<string>();
  let oldest = run;
  while (oldest.parentRunId !== null && !seen.has(oldest.id)) {
    seen.add(oldest.id);
    const parent = byId.get(oldest.parentRunId);
    if (!parent) break;
    oldest = parent;
  }
  return oldest;
}

/** All runs that go back to the same oldest one, each below the run it was made from, older ones first. */
export function relativesOf(id: string, runs: readonly RunSummary[]): Relative[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const self = byId.get(id);
  if (!self) return [];
  const made = new Map<string, RunSummary[]>();
  for (const run of runs.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))) {
    if (run.parentRunId !== null) made.set(run.parentRunId, [...(made.get(run.parentRunId) ?? []), run]);
  }
  const relatives: Relative[] = [];
  const seen = new Set<string>();
  const visit = (run: RunSummary, parent: RunSummary | undefined, depth: number): void => {
    if (seen.has(run.id)) return;
    seen.add(run.id);
    relatives.push({ run, parent, depth });
    for (const child of made.get(run.id) ?? []) visit(child, run, depth + 1);
  };
  visit(oldestOf(self, byId), undefined, 0);
  return relatives;
}

/** A setting that is not what it was in the run before. */
export interface ChangedSetting {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What was set otherwise than in the run it was made from, leaving out options of another method. */
export function changedSettings(run: RunSummary, parent: RunSummary): ChangedSetting[] {
  const sameMethod = run.methodId === parent.methodId;
  const valuesOf = ({ config }: RunSummary): Record<string, unknown> => ({
    ...(sameMethod ? config.method.options : {}),
    ...config.objective,
    ...config.training,
  });
  const [before, after] = [valuesOf(parent), valuesOf(run)];
  // What only one of them has was not there to be set when the other one was made.
  return Object.keys(before)
    .filter((name) => name in after && JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => ({ name, before: before[name], after: after[name] }));
}
