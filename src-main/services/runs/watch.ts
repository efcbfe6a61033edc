import type { DatasetSummary } from '../../contract/datasets.ts';
import { type Problem, describeProblem } from '../../contract/errors/index.ts';
import { type Task, missingRoles } from '../../contract/methods.ts';
import type { ModelSummary } from '../../contract/models.ts';
import type { RunConfig } from '../../contract/runs.ts';
import { findMethod } from '../../engine/methods/registry.ts';
import { objectiveFor } from '../../engine/objectives/registry.ts';
import { chooseWatchTask } from '../../engine/train/watch.ts';
import type { ServiceContext } from '../context.ts';
import { listLabels } from './listLabels.ts';

/** Texts to watch, and the task by which they are measured. */
export interface ChosenWatch {
  readonly dataset: DatasetSummary;
  readonly task: Task;
}

/** What a configuration watches; null where it watches nothing, a problem where that cannot be. */
export function chooseWatch(
  context: ServiceContext,
  config: RunConfig,
  model: ModelSummary,
  dataset: DatasetSummary,
): ChosenWatch | Problem | null {
  const { watchDatasetId: id, task } = config;
  if (id === undefined) return null;
  const watched = context.store.datasets.get(id);
  if (watched === undefined) {
    return describeProblem('common.notFound', { kind: 'dataset', id }, 'watchDatasetId');
  }
  if (watched.versionHash === dataset.versionHash) {
    return describeProblem('run.watchIsTraining', { dataset: dataset.name }, 'watchDatasetId');
  }
  const { roles } = watched.mapping;
  const isSolvable = missingRoles(objectiveFor(task).spec, roles).length === 0;
  const chosen = chooseWatchTask(context.files, {
    task,
    modelFolder: model.folder,
    labels: isSolvable ? listLabels(context, config, dataset) : [],
    copies: findMethod(config.method.id)?.copies !== undefined,
    watched: { name: watched.name, roles, labels: isSolvable ? listLabels(context, config, watched) : [] },
  });
  return typeof chosen === 'string' ? { dataset: watched, task: chosen } : chosen;
}
