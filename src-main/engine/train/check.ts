import type { Split } from '../../contract/datasets.ts';
import { type Problem, describeProblem, problemsFromError } from '../../contract/errors/index.ts';
import { checkOptions } from '../../contract/options.ts';
import type { RunConfig, RunForecast } from '../../contract/runs.ts';
import type { DataRow } from '../data/examples.ts';
import type { EngineFiles } from '../files.ts';
import { checkFit } from '../methods/fit.ts';
import type { Method, ParameterCount } from '../methods/method.ts';
import { findMethod, listMethods } from '../methods/registry.ts';
import { type ModelDescription, checkTask, describeModel } from '../models/description.ts';
import { type ModelOutline, countParameters, outlineModel } from '../models/outline.ts';
import { planMemory } from './memoryForecast.ts';
import { weightFormOf } from './weightForm.ts';
import type { Objective } from '../objectives/objective.ts';
import { objectiveFor } from '../objectives/registry.ts';
import { type TrainingOptions, trainingOptions } from './options.ts';
import { type TrainingPlan, planTraining } from './plan.ts';

/** A configuration together with what it is to run on. */
export interface TrainingQuestion {
  readonly config: RunConfig;
  readonly modelFolder: string;
  /** For sentences. */
  readonly datasetName: string;
  readonly rows: Readonly<Record<Split, number>>;
  /** Different labels of the whole dataset; ignored where the task has none. */
  readonly labelCount: number;
  /** Memory of the machine, by which the plan decides what is left to it; unknown where settled before. */
  readonly memoryBytes?: number;
}

type CheckedOptions = ReturnType<typeof checkOptions>['values'];

/** A configuration in which everything is known and right. */
export interface CheckedTraining {
  /** Every option with its value. */
  readonly config: RunConfig;
  readonly objective: Objective;
  readonly objectiveOptions: CheckedOptions & { readonly maximumLength: number };
  readonly method: Method;
  readonly methodOptions: CheckedOptions;
  readonly training: TrainingOptions;
  readonly plan: TrainingPlan;
}

export interface TrainingCheck {
  readonly forecast: RunForecast;
  /** Null when there are problems. */
  readonly checked: CheckedTraining | null;
}

function attempt<Result>(problems: Problem[], body: () => Result): Result | null {
  try {
    return body();
  } catch (error) {
    problems.push(...problemsFromError(error));
    return null;
  }
}

function checkMethod(
  { config }: TrainingQuestion,
  description: ModelDescription | null,
  problems: Problem[],
): Method | null {
  const { id } = config.method;
  const method = findMethod(id);
  if (method === undefined) {
    const known = listMethods()
      .map(({ spec }) => spec.id)
      .join(', ');
    problems.push(describeProblem('run.unknownMethod', { id, known }, 'method.id'));
    return null;
  }
  problems.push(...checkFit(method.spec, config.task, description?.architecture.modelType));
  if (method.output === 'model' && config.adapters?.length) {
    const params = { method: method.spec.name };
    problems.push(describeProblem('run.adaptersUnderModel', params, 'adapters'));
  }
  if (method.output === 'model' && config.training['quantization'] === 'nf4') {
    const params = { method: method.spec.name };
    problems.push(describeProblem('run.quantizedBaseTrained', params, 'training.quantization'));
  }
  return method;
}

/** The labels of some rows in the order of their class numbers, as a configuration's task reads them. */
export function collectLabels({ task, objective: given }: RunConfig, rows: Iterable<DataRow>): string[] {
  const objective = objectiveFor(task);
  return objective.collectLabels(rows, checkOptions(objective.spec.options, given, 'objective').values);
}

function checkData({ config, rows, labelCount, datasetName }: TrainingQuestion, problems: Problem[]): void {
  const dataset = datasetName;
  if (rows.train === 0) problems.push(describeProblem('run.noTrainingRows', { dataset }, 'datasetId'));
  const { fewestLabels, spec } = objectiveFor(config.task);
  if (rows.train > 0 && labelCount < fewestLabels) {
    const { task } = config;
    const problem =
      spec.prediction === 'number'
        ? describeProblem('run.noNumbers', { dataset, task }, 'datasetId')
        : describeProblem(
            'run.oneLabel',
            { dataset, count: labelCount, fewest: fewestLabels, task },
            'datasetId',
          );
    problems.push(problem);
  }
}

/**
 * The length that was asked for, or the usual one as far as the model can take it.
 * @param taken positions that virtual tokens take
 */
function checkLength(
  objective: Objective,
  values: CheckedOptions,
  description: ModelDescription | null,
  taken: number,
  problems: Problem[],
): number {
  const length = Number(values['maximumLength']);
  const maximum = (description?.blueprint.maximumLength ?? Infinity) - taken;
  if (length <= maximum) return length;
  if (length !== objective.spec.options['maximumLength']?.default) {
    const params = { length, maximum };
    problems.push(describeProblem('run.lengthBeyondModel', params, 'objective.maximumLength'));
  }
  return maximum;
}

/**
 * Checks a whole configuration against its model and data without loading weights, reports every problem at once, and
 * counts what training it would mean.
 */
export function checkTraining(files: EngineFiles, question: TrainingQuestion): TrainingCheck {
  const { config, modelFolder, rows, labelCount, memoryBytes = Infinity } = question;
  const problems: Problem[] = [];
  const objective = objectiveFor(config.task);
  const training = checkOptions(trainingOptions, config.training, 'training');
  const objectiveValues = checkOptions(objective.spec.options, config.objective, 'objective');
  problems.push(...training.problems, ...objectiveValues.problems);
  const description = attempt(problems, () => describeModel(files, modelFolder));
  const taskProblems = description === null ? [] : checkTask(description, config.task);
  problems.push(...taskProblems);
  const method = checkMethod(question, description, problems);
  checkData(question, problems);
  if (training.values.earlyStoppingPatience > 0 && rows.validation === 0) {
    problems.push(describeProblem('run.monitorNeedsValidation', {}, 'training.earlyStoppingPatience'));
  }
  const methodValues = method && checkOptions(method.spec.options, config.method.options, 'method.options');
  problems.push(...(methodValues?.problems ?? []));
  const taken = methodValues?.problems.length === 0 ? (method?.positions?.(methodValues.values) ?? 0) : 0;
  const maximumLength = checkLength(objective, objectiveValues.values, description, taken, problems);

  const standsAlone = method?.positions !== undefined || method?.rowsApart === true;
  if (training.values.packing === 'on' && method !== null && standsAlone) {
    const params = { method: method.spec.name };
    problems.push(describeProblem('run.packingNotForMethod', params, 'training.packing'));
  }

  let outline: ModelOutline | null = null;
  if (description !== null && taskProblems.length === 0) {
    outline = attempt(problems, () =>
      outlineModel(files, modelFolder, config.task, Math.max(objective.fewestLabels, labelCount)),
    );
  }
  let count: ParameterCount | null = null;
  if (outline !== null && method !== null && methodValues?.problems.length === 0) {
    problems.push(...method.check(outline, methodValues.values));
    if (problems.length === 0) count = method.count(outline, methodValues.values);
  }
  const plan = training.problems.length === 0 ? planTraining(rows.train, training.values) : null;
  const memoryPlan =
    outline && method && count
      ? planMemory(
          {
            outline,
            form: weightFormOf(method, training.values),
            count,
            batchSize: training.values.batchSize,
            passTokens: training.values.passTokens,
            rowTokens: maximumLength * (method.copies?.(methodValues?.values ?? {}) ?? 1),
          },
          training.values.recompute,
          memoryBytes,
        )
      : null;
  const forecast: RunForecast = {
    problems,
    trainableParameters: count && count.own + count.added,
    totalParameters: outline && countParameters(outline) + (count?.added ?? 0),
    totalSteps: plan?.totalSteps ?? null,
    trainRows: rows.train,
    memory: memoryPlan && memoryPlan.memory,
  };
  if (problems.length > 0 || !method || !methodValues || !plan || !memoryPlan) {
    return { forecast, checked: null };
  }
  const objectiveOptions = { ...objectiveValues.values, maximumLength };
  const settled = { ...training.values, recompute: memoryPlan.recompute };
  const checked: CheckedTraining = {
    config: {
      ...config,
      objective: objectiveOptions,
      method: { id: method.spec.id, options: methodValues.values },
      training: settled,
    },
    objective,
    objectiveOptions,
    method,
    methodOptions: methodValues.values,
    training: settled,
    plan,
  };
  return { forecast, checked };
}
