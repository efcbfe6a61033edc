import type { DatasetSummary } from '../../contract/datasets.ts';
import {
  type Problem,
  TunebenchError,
  describeProblem,
  problemsFromError,
} from '../../contract/errors/index.ts';
import type { MethodSpec } from '../../contract/methods.ts';
import type { ModelSummary } from '../../contract/models.ts';
import { checkOptions } from '../../contract/options.ts';
import type { RunConfig, RunForecast } from '../../contract/runs.ts';
import type { Method } from '../../engine/methods/method.ts';
import { findMethod, listMethods } from '../../engine/methods/registry.ts';
import { type ModelOutline, countParameters, outlineModel } from '../../engine/models/outline.ts';
import { objectiveFor } from '../../engine/objectives/registry.ts';
import { trainingOptions } from '../../engine/train/options.ts';
import { planTraining } from '../../engine/train/plan.ts';
import type { ServiceContext } from '../context.ts';

/** A configuration without problems, ready to be kept for ever: every setting with its value. */
export interface FrozenRun {
  readonly config: RunConfig;
  readonly model: ModelSummary;
  readonly dataset: DatasetSummary;
  readonly method: MethodSpec;
}

function checkDataset(dataset: DatasetSummary, config: RunConfig, problems: Problem[]): void {
  const { spec } = objectiveFor(config.task);
  for (const { role, required } of spec.roles) {
    if (!required || dataset.mapping.roles[role] !== undefined) continue;
    problems.push(
      describeProblem('run.missingRole', { task: config.task, role, dataset: dataset.name }, 'datasetId'),
    );
  }
  if (dataset.rowsBySplit.train === 0) {
    problems.push(describeProblem('run.noTrainingRows', { dataset: dataset.name }, 'datasetId'));
  }
  if (
    config.task === 'classification' &&
    dataset.labels.length < 2 &&
    dataset.mapping.roles.label !== undefined
  ) {
    problems.push(
      describeProblem('run.oneLabel', { dataset: dataset.name, count: dataset.labels.length }, 'datasetId'),
    );
  }
}

function checkMethod(method: Method, model: ModelSummary, config: RunConfig, problems: Problem[]): void {
  const { id, tasks, modelTypes } = method.spec;
  if (!tasks.includes(config.task)) {
    const params = { method: id, task: config.task, tasks: tasks.join(', ') };
    problems.push(describeProblem('run.methodNotForTask', params, 'method.id'));
  }
  if (!modelTypes.includes(model.modelType)) {
    const params = { method: id, modelType: model.modelType, modelTypes: modelTypes.join(', ') };
    problems.push(describeProblem('run.methodNotForModel', params, 'method.id'));
  }
}

/** The model's shape for this task, or the reason why there is none. */
function outlineFor(
  context: ServiceContext,
  model: ModelSummary,
  dataset: DatasetSummary,
  config: RunConfig,
  problems: Problem[],
): ModelOutline | undefined {
  if (!model.tasks.includes(config.task)) {
    const params = {
      model: model.name,
      modelType: model.modelType,
      task: config.task,
      tasks: model.tasks.join(', '),
    };
    problems.push(describeProblem('run.modelNotForTask', params, 'task'));
    return undefined;
  }
  try {
    return outlineModel(context.files, model.folder, config.task, Math.max(2, dataset.labels.length));
  } catch (error) {
    if (!(error instanceof TunebenchError)) throw error;
    problems.push(...problemsFromError(error));
    return undefined;
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
  const { store } = context;
  const problems: Problem[] = [];
  const model = store.models.get(config.modelId);
  const dataset = store.datasets.get(config.datasetId);
  const method = findMethod(config.method.id);
  const missing = (kind: string, id: string, path: string) =>
    problems.push(describeProblem('common.notFound', { kind, id }, path));
  if (model === undefined) missing('model', config.modelId, 'modelId');
  if (dataset === undefined) missing('dataset', config.datasetId, 'datasetId');
  if (method === undefined) {
    const known = listMethods()
      .map((each) => each.spec.id)
      .join(', ');
    problems.push(describeProblem('run.unknownMethod', { id: config.method.id, known }, 'method.id'));
  }

  const objective = checkOptions(objectiveFor(config.task).spec.options, config.objective, 'objective');
  const training = checkOptions(trainingOptions, config.training, 'training');
  problems.push(...objective.problems, ...training.problems);
  if (dataset !== undefined) checkDataset(dataset, config, problems);

  let trainableParameters: number | null = null;
  let totalParameters: number | null = null;
  let methodValues: RunConfig['method']['options'] = {};
  if (model !== undefined && dataset !== undefined && method !== undefined) {
    checkMethod(method, model, config, problems);
    const options = checkOptions(method.spec.options, config.method.options, 'method.options');
    methodValues = options.values;
    problems.push(...options.problems);
    const outline = outlineFor(context, model, dataset, config, problems);
    if (outline !== undefined && options.problems.length === 0) {
      const unfit = method.check(outline, options.values);
      problems.push(...unfit);
      if (unfit.length === 0) {
        trainableParameters = method.countTrainable(outline, options.values);
        totalParameters = countParameters(outline);
      }
    }
  }

  const trainRows = dataset?.rowsBySplit.train ?? null;
  const countable = trainRows !== null && trainRows > 0 && training.problems.length === 0;
  const forecast: RunForecast = {
    problems,
    trainableParameters,
    totalParameters,
    totalSteps: countable ? planTraining(trainRows, training.values).totalSteps : null,
    trainRows,
  };
  if (problems.length > 0 || model === undefined || dataset === undefined || method === undefined) {
    return { forecast, frozen: null };
  }
  const frozen = {
    ...config,
    objective: objective.values,
    method: { id: method.spec.id, options: methodValues },
    training: training.values,
  };
  return { forecast, frozen: { config: frozen, model, dataset, method: method.spec } };
}
