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

/** What was changed in a run so far, in its order. */
export function steeringOf(store: Store, runId: string): Steering[] {
  return store.events
    .apartFromSteps(runId)
    .flatMap(({ body: { event, ...body } }) => (event === 'steered' && 'change' in body ? [body] : []));
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
export function requireSteerable(store: Store, run: RunDetail, change: SteeringChange): void {
  const allowed = [...whileTraining, ...afterwards[change.kind]];
  requireStatus(run, change.kind, allowed);
  if (change.kind === 'evaluation' && store.datasets.get(run.datasetId)?.rowsBySplit.validation === 0) {
    throw new TunebenchError('run.noValidationRows', { name: run.name, dataset: run.datasetName });
  }
  if (change.kind !== 'length') return;
  const { totalSteps, step } = run;
  const stepsPerEpoch = stepsPerEpochOf(store, run);
  if (totalSteps !== null && stepsPerEpoch !== null && change.epochs * stepsPerEpoch <= step) {
    const done = Number((step / stepsPerEpoch).toFixed(2));
    throw new TunebenchError('run.alreadyLonger', { name: run.name, epochs: change.epochs, done });
  }
}

/** From the newest step, which says how far it had come. */
function stepsPerEpochOf(store: Store, run: RunDetail): number | null {
  const [series] = store.metrics.series({ runId: run.id, metrics: ['axis.epoch'], maximumPoints: 10 });
  const last = series?.points.at(-1);
  return last === undefined || last.last === 0 ? null : last.step / last.last;
}
