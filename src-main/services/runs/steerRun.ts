import { TunebenchError } from '../../contract/errors/index.ts';
import type { RunDetail, RunStatus } from '../../contract/runs.ts';
import type { Steering, SteeringChange } from '../../contract/steering.ts';
import type { TrainJob } from '../../contract/worker.ts';
import type { Store } from '../../store/store.ts';
import { requireStatus } from './requirements.ts';

/** Changes of which the result is independent need not be repeated. */
export function decidesResult({ change }: Steering): boolean {
  return change.kind !== 'checkpoint';
}

/** What was changed in a run so far, in its order, without what going back to an earlier checkpoint undid. */
export function steeringOf(store: Store, runId: string): Steering[] {
  let made: Steering[] = [];
  for (const { body } of store.events.apartFromSteps(runId)) {
    if (body.event === 'steered') made.push({ id: body.id, step: body.step, change: body.change });
    if (body.event !== 'queued' || body.undone === undefined) continue;
    const { undone } = body;
    made = made.filter(({ id }) => !undone.includes(id));
  }
  return made;
}

/** What a run that is repeated or taken up again has to change: what its job says and what its log says. */
export function scriptFor(store: Store, job: TrainJob): NonNullable<TrainJob['steering']> {
  const recorded = steeringOf(store, job.runId);
  const ids = new Set(recorded.map(({ id }) => id));
  const open = (job.steering ?? []).filter(({ id }) => !ids.has(id));
  return [
    ...open.map((steering) => ({ ...steering, recorded: false })),
    ...recorded.filter(decidesResult).map((steering) => ({ ...steering, recorded: true })),
  ].sort((a, b) => a.step - b.step);
}

const whileTraining: readonly RunStatus[] = ['running', 'paused'];
/** Runs that are over and can go on, from their last checkpoint, with another rate or length. */
const afterwards: Readonly<Record<SteeringChange['kind'], readonly RunStatus[]>> = {
  learningRate: ['stopped', 'interrupted', 'failed'],
  length: ['completed', 'stopped', 'interrupted', 'failed'],
  passTokens: ['stopped', 'interrupted', 'failed'],
  evaluation: [],
  checkpoint: [],
};

/** @throws TunebenchError where this cannot be done now, or never with this run */
export function requireSteerable(store: Store, run: RunDetail, change: SteeringChange, step: number): void {
  const allowed = [...whileTraining, ...afterwards[change.kind]];
  requireStatus(run, change.kind, allowed);
  if (change.kind === 'evaluation' && store.datasets.get(run.datasetId)?.rowsBySplit.validation === 0) {
    throw new TunebenchError('run.noValidationRows', { name: run.name, dataset: run.datasetName });
  }
  if (change.kind === 'length') requireLonger(store, run, change.epochs, step);
}

/** @throws TunebenchError `run.alreadyLonger` where so many epochs have been trained at this step */
export function requireLonger(store: Store, run: RunDetail, epochs: number, step: number): void {
  const stepsPerEpoch = stepsPerEpochOf(store, run);
  if (run.totalSteps === null || stepsPerEpoch === null || epochs * stepsPerEpoch > step) return;
  const done = Number((step / stepsPerEpoch).toFixed(2));
  throw new TunebenchError('run.alreadyLonger', { name: run.name, epochs, done });
}

/** From the newest step, which says how far it had come. */
function stepsPerEpochOf(store: Store, run: RunDetail): number | null {
  const [series] = store.metrics.series({ runId: run.id, metrics: ['axis.epoch'], maximumPoints: 10 });
  const last = series?.points.at(-1);
  return last === undefined || last.last === 0 ? null : last.step / last.last;
}
