import { TunebenchError } from '../../contract/errors/index.ts';
import type { RunSummary } from '../../contract/runs.ts';
import type { Store } from '../../store/store.ts';

/** Waiting runs in the order they will train. */
export function waitingRuns(store: Store): RunSummary[] {
  return store.runs
    .withStatus('queued')
    .sort((a, b) => (a.queuePosition ?? 0) - (b.queuePosition ?? 0) || (a.createdAt < b.createdAt ? -1 : 1));
}

/** The first that may train now, and otherwise how long it takes until one may. */
export function chooseNext(
  waiting: readonly RunSummary[],
  now: number,
): { readonly run: RunSummary | undefined; readonly waitMs: number | undefined } {
  const starts = waiting.map(({ notBefore }) => (notBefore === null ? 0 : Date.parse(notBefore)));
  const run = waiting.find((_, index) => (starts[index] ?? 0) <= now);
  const waitMs = waiting.length === 0 ? undefined : Math.max(0, Math.min(...starts) - now);
  return { run, waitMs: run === undefined ? waitMs : undefined };
}

/**
 * Puts a waiting run at another place, counted from 0.
 * @throws TunebenchError `run.notWaiting`
 */
export function moveInQueue(store: Store, id: string, place: number): void {
  const waiting = waitingRuns(store);
  const moved = waiting.find((run) => run.id === id);
  if (moved === undefined) {
    const run = store.runs.get(id);
    throw new TunebenchError('run.notWaiting', { name: run?.name ?? id, status: run?.status ?? '–' });
  }
  const others = waiting.filter((run) => run.id !== id);
  const order = [...others.slice(0, place), moved, ...others.slice(place)];
  store.transaction(() => {
    order.forEach((run, index) => store.runs.update(run.id, { queuePosition: index + 1 }));
  });
}
