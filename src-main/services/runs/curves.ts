import type { RunEventBody } from '../../contract/events.ts';
import type { Series } from '../../contract/runs.ts';
import type { SeriesQuery, Store } from '../../store/store.ts';

/** What a run took over from the one it was forked from: its curves up to a step. */
interface Inheritance {
  readonly runId: string;
  readonly name: string;
  readonly toStep: number;
}

/** The checkpoint that a run goes on from where an event says so. */
function goesOnFrom(body: RunEventBody): number {
  if (body.event === 'queued') return body.fromStep ?? Infinity;
  if (body.event === 'started') return body.resumedFromStep ?? Infinity;
  return Infinity;
}

/**
 * The runs that a run was forked from, the nearest first, each with how far its curves belong to this one. Where one of
 * them has since gone back behind the fork, what it learned anew is not what was taken over.
 */
export function inheritances(store: Store, runId: string): Inheritance[] {
  const found: Inheritance[] = [];
  let toStep = Infinity;
  for (let run = store.runs.get(runId); run?.parentRunId != null;) {
    const events = store.events.apartFromSteps(run.id);
    const fork = events.find(({ body }) => body.event === 'queued');
    if (fork === undefined || !Number.isFinite(goesOnFrom(fork.body))) break;
    const parent = store.runs.get(run.parentRunId);
    if (parent === undefined) break;
    const since = store.events.apartFromSteps(parent.id).filter(({ sequence }) => sequence > fork.sequence);
    toStep = Math.min(toStep, ...[...events, ...since].map(({ body }) => goesOnFrom(body)));
    found.push({ runId: parent.id, name: parent.name, toStep });
    run = parent;
  }
  return found;
}

/**
 * A run's curves, and behind them those it took over from runs it was forked from, marked as theirs: read where they are
 * stored, one by one.
 */
export function* readCurves(store: Store, query: SeriesQuery): IterableIterator<Series> {
  yield* store.metrics.seriesOneByOne(query);
  for (const { runId, name, toStep } of inheritances(store, query.runId)) {
    const part = { ...query, runId, toStep: Math.min(toStep, query.toStep ?? Infinity) };
    for (const series of store.metrics.seriesOneByOne(part)) {
      if (series.totalPoints > 0) yield { ...series, inheritedFrom: { runId, name } };
    }
  }
}
