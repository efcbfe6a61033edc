import { TunebenchError } from '../../contract/errors/index.ts';
import type { RunDetail } from '../../contract/runs.ts';
import { type TrainJob, trainJobSchema } from '../../contract/worker.ts';
import { writeFileAtomically } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';

/** What a run's folder holds besides checkpoints: `job.json`, frozen at the start, and `result`, written at the end. */
export function saveJob(context: ServiceContext, job: TrainJob): void {
  writeFileAtomically(context.files.join(job.runFolder, 'job.json'), JSON.stringify(job, null, 2));
}

/** The job as frozen when the run was made. */
export function loadJob(context: ServiceContext, runId: string): TrainJob {
  const path = context.files.join(context.dataFolder.runPath(runId), 'job.json');
  return trainJobSchema.parse(JSON.parse(context.files.readText(path)));
}

/**
 * The folder a finished run wrote its adapter or model to.
 * @throws TunebenchError `run.noResult`
 */
export function resultFolder(context: ServiceContext, run: RunDetail): string {
  const folder = context.files.join(context.dataFolder.runPath(run.id), 'result');
  if (!context.files.exists(folder)) {
    throw new TunebenchError('run.noResult', { name: run.name, status: run.status });
  }
  return folder;
}
