import { TunebenchError } from '../../contract/errors/index.ts';
import type { RunDetail, RunSummary } from '../../contract/runs.ts';
import { folderBytes } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { timestamp } from '../identity.ts';
import { unfinished } from './requirements.ts';

/** Runs that were thrown away: with all they had until the bin is emptied. */
export function createRunBin(context: ServiceContext, get: (id: string) => RunDetail) {
  const { store } = context;
  const runPath = (id: string): string => context.dataFolder.runPath(id);
  return {
    /** Puts a run that is over into the bin, from where `restore` takes it back with all it had. */
    remove(id: string): { id: string } {
      const run = get(id);
      if (unfinished.includes(run.status)) {
        throw new TunebenchError('run.stillRunning', { name: run.name, status: run.status });
      }
      store.runs.update(id, { removedAt: timestamp() });
      return { id };
    },

    restore(id: string): RunSummary {
      get(id);
      store.runs.update(id, { removedAt: null });
      return get(id);
    },

    /** What was thrown away, and the bytes its checkpoints and results take. */
    bin(): { runs: RunSummary[]; sizeBytes: number } {
      const runs = store.runs.listRemoved();
      return { runs, sizeBytes: runs.reduce((sum, { id }) => sum + folderBytes(runPath(id)), 0) };
    },

    /** Deletes thrown-away runs for good: files first, so that a break leaves the run in the bin and no file behind. */
    emptyBin(): { count: number } {
      const removed = store.runs.listRemoved();
      for (const { id } of removed) {
        context.files.removeFolder(runPath(id));
        store.runs.remove(id);
      }
      return { count: removed.length };
    },
  };
}
