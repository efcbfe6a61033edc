import type { DatasetSummary } from '../../contract/datasets.ts';
import { type Problem, describeProblem, problemsFromError } from '../../contract/errors/index.ts';
import { type MethodSpec, missingRoles } from '../../contract/methods.ts';
import type { ModelSummary } from '../../contract/models.ts';
import type { RunConfig, RunForecast } from '../../contract/runs.ts';
import { objectiveFor } from '../../engine/objectives/registry.ts';
import { checkTraining } from '../../engine/train/check.ts';
import { usableMemoryBytes } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { resolveAdapters } from '../adapters/adapters.ts';
import { listLabels } from './listLabels.ts';
import { type ChosenWatch, chooseWatch } from './watch.ts';

/** A configuration without problems, ready to be kept for ever: every setting with its value. */
export interface FrozenRun {
  readonly config: RunConfig;
  readonly model: ModelSummary;
  readonly dataset: DatasetSummary;
  readonly method: MethodSpec;
  /** Texts that are measured but not learned from. */
  readonly watch: ChosenWatch | null;
}

/** Parts the task needs and the dataset has no column for. */
function findMissingRoles(dataset: DatasetSummary, config: RunConfig): Problem[] {
  return missingRoles(objectiveFor(config.task).spec, dataset.mapping.roles).map((role) =>
    describeProblem('run.missingRole', { task: config.task, role, dataset: dataset.name }, 'datasetId'),
  );
}

/** What is wrong with the adapters under what is to be trained. */
function checkAdapters(context: ServiceContext, { adapters }: RunConfig, model: ModelSummary): Problem[] {
  try {
    resolveAdapters(context, adapters ?? [], model);
    return [];
  } catch (error) {
    return problemsFromError(error).map((problem) => ({ ...problem, path: 'adapters' }));
  }
}

/** What is to be watched, or what is wrong with it; a model that cannot be read is named by the other checks. */
function checkWatch(
  context: ServiceContext,
  config: RunConfig,
  model: ModelSummary,
  dataset: DatasetSummary,
): { watch: ChosenWatch | null; problems: Problem[] } {
  try {
    const chosen = chooseWatch(context, config, model, dataset);
    return chosen !== null && 'code' in chosen
      ? { watch: null, problems: [chosen] }
      : { watch: chosen, problems: [] };
  } catch {
    return { watch: null, problems: [] };
  }
}

/**
 * Checks a whole configuration, reports everything that is wrong with it at once, and counts what it would train.
 * @returns the forecast, and the frozen configuration where there is no problem
 */
export function checkRun(
  context: ServiceContext,
  config: RunConfig,
): { forecast: RunForecast; frozen: FrozenRun | null } {
  const model = context.store.models.get(config.modelId);
  const dataset = context.store.datasets.get(config.datasetId);
  if (model === undefined || dataset === undefined) {
    const problems: Problem[] = [];
    const missing = (kind: string, id: string, path: string) =>
      problems.push(describeProblem('common.notFound', { kind, id }, path));
    if (model === undefined) missing('model', config.modelId, 'modelId');
    if (dataset === undefined) missing('dataset', config.datasetId, 'datasetId');
    const unknown = {
      trainableParameters: null,
      totalParameters: null,
      totalSteps: null,
      trainRows: null,
      memory: null,
    };
    return { forecast: { problems, ...unknown }, frozen: null };
  }

  const { forecast, checked } = checkTraining(context.files, {
    config,
    modelFolder: model.folder,
    datasetName: dataset.name,
    rows: dataset.rowsBySplit,
    labelCount: listLabels(context, config, dataset).length,
    memoryBytes: usableMemoryBytes(),
  });
  const missingRoles = findMissingRoles(dataset, config);
  // Without a label column there are no labels to count: saying so once is enough.
  const others =
    missingRoles.length === 0
      ? forecast.problems
      : forecast.problems.filter(({ code }) => code !== 'run.oneLabel' && code !== 'run.noNumbers');
  const { watch, problems: unwatchable } = checkWatch(context, config, model, dataset);
  const problems = [...missingRoles, ...checkAdapters(context, config, model), ...others, ...unwatchable];
  if (checked === null || problems.length > 0) return { forecast: { ...forecast, problems }, frozen: null };
  return { forecast, frozen: { config: checked.config, model, dataset, method: checked.method.spec, watch } };
}
