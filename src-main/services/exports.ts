import { TunebenchError } from '../contract/errors/index.ts';
import type { RunDetail } from '../contract/runs.ts';
import type { LoadedModel } from '../contract/worker.ts';
import { objectiveFor } from '../engine/objectives/registry.ts';
import { copyFolder, filesBelow, resolveOutsidePath } from '../platform/index.ts';
import type { ServiceContext } from './context.ts';
import type { Jobs } from './jobs.ts';
import type { EvaluationWorker } from './playground/evaluationWorker.ts';
import { loadJob, resultFolder } from './runs/resultFolders.ts';
import type { RunsService } from './runs/runs.ts';

export interface ExportResult {
  readonly folder: string;
  readonly files: string[];
  readonly sizeBytes: number;
}

/** Taking a run's result out of the workbench, as an adapter folder or as a whole model. */
export function createExportsService(
  context: ServiceContext,
  services: { runs: RunsService; jobs: Jobs; evaluation: EvaluationWorker },
) {
  const { runs, jobs, evaluation } = services;

  /** Loads what was written and uses it once: an export that cannot be loaded is a failed one. */
  async function tryLoading(model: LoadedModel): Promise<void> {
    const { prediction, needs, roles } = objectiveFor(model.task).spec;
    if (prediction !== 'text') {
      const given = (needs[0] ?? []).filter(
        (role) => !roles.some((each) => each.role === role && each.isAnswer),
      );
      await evaluation.predict(model, [Object.fromEntries(given.map((role) => [role, 'Tunebench']))]);
    } else {
      const options = {
        maximumNewTokens: 1,
        temperature: 0,
        topK: 0,
        topP: 1,
        repetitionPenalty: 1,
        stop: [],
        seed: 0,
      };
      await evaluation.generate(model, 'Tunebench', options, () => undefined);
    }
  }

  async function write(run: RunDetail, form: 'adapter' | 'merged', folder: string): Promise<void> {
    const trainedFolder = resultFolder(context, run);
    const { modelFolder, adapters } = loadJob(context, run.id);
    const base = { modelFolder, task: run.task };
    if (form === 'merged' && adapters !== undefined)
      throw new TunebenchError('adapters.notMergedAlone', { name: run.name });
    if (form === 'adapter') {
      await copyFolder(trainedFolder, folder);
      const stack = adapters && { adapters: [...adapters, { folder, weight: 1 }] };
      await tryLoading({ ...base, ...stack, trainedFolder: folder });
    } else {
      await evaluation.merge({ ...base, trainedFolder }, folder);
      await tryLoading({ modelFolder: folder, task: run.task });
    }
  }

  return {
    /**
     * Writes a run's result to a new folder and checks it by loading it back; a failed export leaves no folder.
     * @throws TunebenchError `export.noAdapter`, `export.folderNotEmpty`, `run.noResult`
     */
    create(runId: string, form: 'adapter' | 'merged', folder: string): Promise<ExportResult> {
      const run = runs.get(runId);
      const trainedFolder = resultFolder(context, run);
      if (
        form === 'adapter' &&
        !context.files.exists(context.files.join(trainedFolder, 'adapter_config.json'))
      ) {
        throw new TunebenchError('export.noAdapter', { name: run.name, method: run.methodId });
      }
      const existed = context.files.exists(folder);
      if (existed && context.files.list(resolveOutsidePath(folder, { kind: 'folder' })).length > 0) {
        throw new TunebenchError('export.folderNotEmpty', { folder });
      }
      return jobs.start({ kind: 'export', title: run.name, unit: 'steps' }, async () => {
        try {
          await write(run, form, folder);
        } catch (error) {
          context.files.removeFolder(folder);
          throw error;
        }
        const files = filesBelow(folder);
        const result = {
          folder,
          files: files.map((file) => file.name),
          sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
        };
        return { result, resultId: folder };
      }).finished;
    },
  };
}
