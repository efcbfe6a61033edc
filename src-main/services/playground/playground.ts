import type { AdapterChoice } from '../../contract/adapters.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { RowContent, Task } from '../../contract/methods.ts';
import {
  type GenerationOptions,
  type LoadedModel,
  type Prediction,
  generationOptionsSchema,
} from '../../contract/worker.ts';
import { objectiveFor } from '../../engine/objectives/registry.ts';
import { resolveAdapters } from '../adapters/adapters.ts';
import type { ServiceContext } from '../context.ts';
import type { ModelsService } from '../models/models.ts';
import { loadJob, resultFolder } from '../runs/resultFolders.ts';
import type { RunsService } from '../runs/runs.ts';
import type { EvaluationWorker } from './evaluationWorker.ts';

/** Which weights to try: a finished run's, or a base model's own, and which adapters are at work. */
export type TryTarget = ({ runId: string } | { modelId: string; task?: Task | undefined }) & {
  adapters?: AdapterChoice[] | undefined;
};

/** Trying a trained or a base model on texts of one's own. */
export function createPlaygroundService(
  context: ServiceContext,
  services: { runs: RunsService; models: ModelsService; evaluation: EvaluationWorker },
) {
  const { runs, models, evaluation } = services;

  const actionOf = (task: Task) => (objectiveFor(task).spec.prediction === 'text' ? 'generate' : 'predict');

  function resolveTarget(target: TryTarget, action: 'predict' | 'generate'): LoadedModel {
    if ('modelId' in target) {
      const model = models.get(target.modelId);
      if (target.adapters?.length) {
        const { uses, top } = resolveAdapters(context, target.adapters, model);
        const task = target.task ?? top?.summary.task ?? 'classification';
        const trained = top ? { trainedFolder: top.folder } : {};
        return { modelFolder: model.folder, ...trained, task, adapters: uses };
      }
      const task = target.task ?? model.tasks.find((each) => actionOf(each) === action);
      const usual = action === 'predict' ? 'classification' : 'causalLm';
      return { modelFolder: model.folder, task: task ?? usual };
    }
    const run = runs.get(target.runId);
    if (actionOf(run.task) !== action)
      throw new TunebenchError('run.wrongTaskForTry', { name: run.name, task: run.task, action });
    const trainedFolder = resultFolder(context, run);
    const job = loadJob(context, run.id);
    const base = { id: run.modelId, name: run.modelName };
    const usual = job.adapters && [...job.adapters, { folder: trainedFolder, weight: 1 }];
    const chosen = target.adapters && resolveAdapters(context, target.adapters, base);
    const adapters = chosen?.uses ?? usual;
    // The one on top decides labels and head.
    const top = chosen?.top?.folder ?? trainedFolder;
    const loaded = { modelFolder: job.modelFolder, trainedFolder: top, task: run.task };
    return adapters ? { ...loaded, adapters } : loaded;
  }

  return {
    /** What a person knows the weights by. */
    nameOf: (target: TryTarget): string =>
      'modelId' in target ? models.get(target.modelId).name : runs.get(target.runId).name,

    predict(target: TryTarget, rows: RowContent[]): Promise<Prediction[]> {
      return evaluation.predict(resolveTarget(target, 'predict'), rows);
    },

    /** Streams the answer as it is generated; leaving the loop or aborting the signal ends the generation. */
    async *generate(
      target: TryTarget,
      prompt: string,
      options: Partial<GenerationOptions>,
      signal?: AbortSignal,
    ): AsyncGenerator<{ text: string }> {
      const model = resolveTarget(target, 'generate');
      const left = new AbortController();
      const stop = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
      const pieces: string[] = [];
      let wake = () => {};
      const finished = evaluation
        .generate(
          model,
          prompt,
          generationOptionsSchema.parse(options),
          (text) => {
            pieces.push(text);
            wake();
          },
          stop,
        )
        .then(() => true);
      try {
        for (let over = false; !over;) {
          const more = new Promise<boolean>((resolve) => (wake = () => resolve(false)));
          if (pieces.length === 0) over = await Promise.race([finished, more]);
          for (const text of pieces.splice(0)) yield { text };
        }
      } finally {
        left.abort();
        await finished.catch(() => undefined);
      }
    },
  };
}
