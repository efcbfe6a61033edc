import { binnedCheckpointDays, type Checkpoint, type CheckpointList } from '../../contract/checkpoints.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { Metrics, RunDetail } from '../../contract/runs.ts';
import type { Steering } from '../../contract/steering.ts';
import { type KeptCheckpoint, changesBefore, listCheckpoints } from '../../engine/index.ts';
import { folderBytes, moveFolder } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { requireInLog, unfinished } from './requirements.ts';
import { steeringOf } from './steerRun.ts';

const dayMs = 86_400_000;
/** `step-00000010.1795275316000`: the folder's own name, and when it was put there. */
const binnedName = /^(step-(\d+))\.(\d+)$/;

/** The checkpoints of runs, and the bin in each run's folder where deleted ones wait to be put back. */
export function createCheckpointDesk(context: ServiceContext, get: (id: string) => RunDetail) {
  const { files, store } = context;
  const binOf = (id: string): string => files.join(context.dataFolder.runPath(id), 'checkpoint-bin');
  const kept = (id: string): KeptCheckpoint[] => listCheckpoints(files, context.dataFolder.runPath(id));

  function binned(id: string) {
    const bin = binOf(id);
    if (!files.exists(bin)) return [];
    return files.list(bin).flatMap((key) => {
      const [, name, step, at] = binnedName.exec(key) ?? [];
      if (name === undefined) return [];
      return [{ key, name, step: Number(step), atMs: Number(at), folder: files.join(bin, key) }];
    });
  }

  /** What the log knows of each step at which there is a checkpoint. */
  function facts(id: string, steps: readonly number[]) {
    const metrics = new Map<number, Metrics>(steps.map((step) => [step, {}]));
    const savedAt = new Map<number, string>();
    for (const { at, body } of store.events.apartFromSteps(id)) {
      if (body.event === 'checkpointed') savedAt.set(body.step, at);
      if (body.event !== 'evaluated') continue;
      const named = Object.entries(body.metrics).map(([name, value]) => [`${body.split}.${name}`, value]);
      metrics.set(body.step, { ...metrics.get(body.step), ...Object.fromEntries(named) });
    }
    for (const step of steps) {
      const range = { fromStep: step, toStep: step, maximumPoints: 10 };
      const [loss] = store.metrics.series({ runId: id, metrics: ['train.loss'], ...range });
      const value = loss?.points.at(-1)?.last;
      if (value !== undefined) metrics.set(step, { ...metrics.get(step), 'train.loss': value });
    }
    return { metrics, savedAt };
  }

  function list(id: string): CheckpointList {
    get(id);
    const found = kept(id);
    const { metrics, savedAt } = facts(
      id,
      found.map(({ step }) => step),
    );
    const checkpoints = found.map(({ step, kinds, folder }): Checkpoint => ({
      step,
      kinds: [...kinds],
      sizeBytes: folderBytes(folder),
      metrics: metrics.get(step) ?? {},
      savedAt: savedAt.get(step) ?? null,
    }));
    const bin = binned(id).map(({ key, step, atMs, folder }) => ({
      key,
      step,
      sizeBytes: folderBytes(folder),
      removedAt: new Date(atMs).toISOString(),
      keptUntil: new Date(atMs + binnedCheckpointDays * dayMs).toISOString(),
    }));
    const sum = (sizes: readonly { sizeBytes: number }[]) =>
      sizes.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
    return { checkpoints, sizeBytes: sum(checkpoints), bin, binBytes: sum(bin) };
  }

  /** @throws TunebenchError `run.noCheckpoint` */
  function find(run: RunDetail, step: number): KeptCheckpoint {
    const found = kept(run.id);
    const wanted = found.find((each) => each.step === step);
    if (wanted !== undefined) return wanted;
    const known = found.map((each) => each.step).join(', ') || '–';
    throw new TunebenchError('run.noCheckpoint', { name: run.name, step, known });
  }

  function putInBin(id: string, checkpoints: readonly KeptCheckpoint[]): void {
    for (const { folder, name } of checkpoints) {
      moveFolder(folder, files.join(binOf(id), `${name}.${Date.now()}`));
    }
  }

  /** Deletes what has been in the bins for long enough. A clock that was set back makes nothing older. */
  function dropOld(): void {
    const runs = files.list(context.dataFolder.runsPath);
    const over = runs.flatMap(binned).filter(({ atMs }) => Date.now() - atMs > binnedCheckpointDays * dayMs);
    for (const { folder } of over) files.removeFolder(folder);
  }

  return {
    list,
    find,
    dropOld,

    /** @throws TunebenchError `run.noCheckpoint`, `run.checkpointInUse` for what a run in training needs */
    remove(id: string, steps: readonly number[]): CheckpointList {
      const run = get(id);
      const chosen = [...new Set(steps)].map((step) => find(run, step));
      const needed = unfinished.includes(run.status)
        ? chosen.find(({ kinds }) => kinds.includes('last') || kinds.includes('best'))
        : undefined;
      if (needed) throw new TunebenchError('run.checkpointInUse', { name: run.name, step: needed.step });
      putInBin(id, chosen);
      return list(id);
    },

    prune(id: string, keep: number): CheckpointList {
      get(id);
      putInBin(
        id,
        kept(id)
          .slice(keep)
          .filter(({ kinds }) => kinds.length === 0),
      );
      return list(id);
    },

    /**
     * @throws TunebenchError `run.noCheckpoint`, `run.checkpointExists`, or `run.checkpointAhead` where a run in training
     * would go on from what it has not reached
     */
    restore(id: string, keys: readonly string[]): CheckpointList {
      const run = get(id);
      const found = binned(id);
      const present = kept(id).map(({ step }) => step);
      const chosen = keys.map((key) => {
        const wanted = found.find((each) => each.key === key);
        const known = found.map((each) => each.key).join(', ') || '–';
        if (!wanted) throw new TunebenchError('run.noCheckpoint', { name: run.name, step: key, known });
        const { step } = wanted;
        if (present.includes(step))
          throw new TunebenchError('run.checkpointExists', { name: run.name, step });
        if (unfinished.includes(run.status) && step > run.step) {
          throw new TunebenchError('run.checkpointAhead', { name: run.name, step, reached: run.step });
        }
        present.push(step);
        return wanted;
      });
      const target = files.join(context.dataFolder.runPath(id), 'checkpoints');
      for (const { folder, name } of chosen) moveFolder(folder, files.join(target, name));
      return list(id);
    },

    emptyBin(id: string): CheckpointList {
      get(id);
      files.removeFolder(binOf(id));
      return list(id);
    },

    /** The changes that had been made when a checkpoint was written. */
    steeringBefore(run: RunDetail, step: number): Steering[] {
      const known = changesBefore(files, find(run, step).folder);
      return steeringOf(store, run.id).filter(({ id }) => known.includes(id));
    },

    /** Makes a checkpoint the newest of a run that is over: later ones go into the bin. */
    rewind(run: RunDetail, step: number): void {
      requireInLog(run, 'resume');
      find(run, step);
      putInBin(
        run.id,
        kept(run.id).filter((each) => each.step > step),
      );
    },
  };
}
export type CheckpointDesk = ReturnType<typeof createCheckpointDesk>;
