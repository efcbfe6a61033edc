import type { ForkRequest } from '../../contract/checkpoints.ts';
import type { RunEventBody } from '../../contract/events.ts';
import type { RunDetail } from '../../contract/runs.ts';
import type { SteeringChange } from '../../contract/steering.ts';
import { copyFolderAtomically } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { newId } from '../identity.ts';
import type { CheckpointDesk } from './checkpointDesk.ts';
import { requireInLog } from './requirements.ts';
import { makeRun } from './startRun.ts';
import { decidesResult, requireLonger } from './steerRun.ts';

/**
 * Makes a run that goes on from a checkpoint of another one. What had been changed up to there is written into its log
 * too, so that it can be replayed from its start.
 * @returns its id
 */
export async function forkRun(
  context: ServiceContext,
  checkpoints: CheckpointDesk,
  run: RunDetail,
  { step, name, learningRate, epochs }: ForkRequest,
  record: (runId: string, body: RunEventBody) => void,
): Promise<string> {
  const { store, files } = context;
  requireInLog(run, 'fork');
  const chosen = checkpoints.find(run, step);
  if (epochs !== undefined) requireLonger(store, run, epochs, step);
  const best = checkpoints
    .list(run.id)
    .checkpoints.find((each) => each.kinds.includes('best') && each.step < step);
  const copied = [chosen, ...(best ? [checkpoints.find(run, best.step)] : [])];
  const inherited = checkpoints.steeringBefore(run, step).filter(decidesResult);
  const changes: SteeringChange[] = [
    ...(learningRate === undefined ? [] : [{ kind: 'learningRate' as const, learningRate }]),
    ...(epochs === undefined ? [] : [{ kind: 'length' as const, epochs }]),
  ];
  return makeRun(
    context,
    {
      ...run.config,
      name: name ?? `${run.name} @ ${step}`,
      parentRunId: run.id,
      ...(run.project === null ? {} : { project: run.project }),
    },
    {
      async fill(runFolder) {
        for (const each of copied) {
          await copyFolderAtomically(each.folder, files.join(runFolder, 'checkpoints', each.name));
        }
      },
      onMade(id) {
        for (const steering of inherited) record(id, { event: 'steered', ...steering });
        for (const change of changes) record(id, { event: 'steered', id: newId(), step, change });
        record(id, { event: 'queued', fromStep: step });
      },
    },
  );
}
