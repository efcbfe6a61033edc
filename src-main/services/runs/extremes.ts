import type { MetricExtremes, RunExtremes } from '../../contract/runValues.ts';
import type { RunSummary } from '../../contract/runs.ts';
import type { Store } from '../../store/store.ts';

/** So long others wait at most while many curves are read. */
const sliceMs = 20;

/** Changes with everything that adds points to a run's curves or takes some away. */
const stampOf = ({ status, step, elapsedMs }: RunSummary) => `${status} ${step} ${elapsedMs}`;

/** Reads the lowest and highest values of metrics over the whole log; what has not changed since is remembered. */
export function createExtremesReader(store: Store) {
  const remembered = new Map<string, { stamp: string; found: Map<string, MetricExtremes | undefined> }>();

  function extremesOf(run: RunSummary, metric: string): MetricExtremes | undefined {
    const stamp = stampOf(run);
    let known = remembered.get(run.id);
    if (known?.stamp !== stamp) {
      known = { stamp, found: new Map() };
      remembered.set(run.id, known);
    }
    if (!known.found.has(metric)) known.found.set(metric, store.metrics.extremes(run.id, metric));
    return known.found.get(metric);
  }

  return async (metrics: readonly string[]): Promise<RunExtremes> => {
    const runs = store.runs.list();
    const inLog = new Set(runs.map(({ id }) => id));
    for (const id of remembered.keys()) if (!inLog.has(id)) remembered.delete(id);
    const answer: RunExtremes = {};
    let sliceStartMs = performance.now();
    for (const run of runs) {
      const found = metrics.flatMap((metric) => {
        const extremes = extremesOf(run, metric);
        return extremes ? [[metric, extremes] as const] : [];
      });
      if (found.length > 0) answer[run.id] = Object.fromEntries(found);
      if (performance.now() - sliceStartMs > sliceMs) {
        await new Promise((resolve) => setImmediate(resolve));
        sliceStartMs = performance.now();
      }
    }
    return answer;
  };
}
