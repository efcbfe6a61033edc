import type { AdapterChoice } from '../../../src-main/contract/adapters.ts';
import type { DatasetSummary } from '../../../src-main/contract/datasets.ts';
import type { Problem } from '../../../src-main/contract/errors/index.ts';
import {
  type MethodSpec,
  type ObjectiveSpec,
  type Task,
  chooseTask,
} from '../../../src-main/contract/methods.ts';
import type { ModelSummary } from '../../../src-main/contract/models.ts';
import { type OptionSpecs, checkOptions } from '../../../src-main/contract/options.ts';
import type { RunConfig } from '../../../src-main/contract/runs.ts';
import { fitTasks, methodFits, suggestMethod } from './eligibility.ts';
import { keepApplying } from './optionValues.ts';

export interface DraftValues {
  datasetId: string | undefined;
  modelId: string | undefined;
  task: RunConfig['task'] | undefined;
  methodId: string | undefined;
  name: string;
  objective: RunConfig['objective'];
  methodOptions: RunConfig['method']['options'];
  training: RunConfig['training'];
  /** Adapters that stay as they are under what is trained. */
  adapters: AdapterChoice[];
  /** Texts that are measured but not learned from. */
  watchDatasetId: string | undefined;
  /** The run this draft was made from. */
  parentRunId: string | undefined;
}

export interface Catalogue {
  datasets: readonly DatasetSummary[];
  models: readonly ModelSummary[];
  methods: readonly MethodSpec[];
  objectives: readonly ObjectiveSpec[];
  training: OptionSpecs;
}

export interface Choices {
  dataset: DatasetSummary | undefined;
  model: ModelSummary | undefined;
  objective: ObjectiveSpec | undefined;
  method: MethodSpec | undefined;
}

/** What the draft comes to: the person's choices where they fit together, suggestions where there is no choice yet. */
export function resolveChoices(draft: DraftValues, catalogue: Catalogue): Choices {
  const dataset = catalogue.datasets.find(({ id }) => id === draft.datasetId);
  const model = catalogue.models.find(({ id }) => id === draft.modelId);
  if (!dataset || !model) return { dataset, model, objective: undefined, method: undefined };
  const fitting = fitTasks(catalogue.objectives, dataset, model).filter(({ fits }) => fits);
  const isFitting = (task: Task) => fitting.some((fit) => fit.task === task);
  const task =
    draft.task !== undefined && isFitting(draft.task)
      ? draft.task
      : chooseTask(catalogue.objectives, dataset.mapping.roles, isFitting);
  if (task === undefined) return { dataset, model, objective: undefined, method: undefined };
  const chosen = catalogue.methods.find(({ id }) => id === draft.methodId);
  const method =
    chosen && methodFits(chosen, task, model) ? chosen : suggestMethod(catalogue.methods, task, model);
  return { dataset, model, objective: catalogue.objectives.find(({ id }) => id === task), method };
}

/** The configuration to send, once everything is chosen. */
export function configOf(draft: DraftValues, choices: Choices, training: OptionSpecs): RunConfig | undefined {
  const { dataset, model, objective, method } = choices;
  if (!dataset || !model || !objective || !method) return undefined;
  return {
    ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
    datasetId: dataset.id,
    modelId: model.id,
    task: objective.id,
    objective: keepApplying(objective.options, draft.objective),
    method: { id: method.id, options: keepApplying(method.options, draft.methodOptions) },
    training: keepApplying(training, draft.training),
    ...(draft.adapters.length > 0 ? { adapters: draft.adapters } : {}),
    ...(draft.watchDatasetId === undefined ? {} : { watchDatasetId: draft.watchDatasetId }),
  };
}

/** What the window can tell by itself, with the same check as the host: values of the wrong type or out of range. */
export function checkConfig(config: RunConfig, choices: Choices, training: OptionSpecs): Problem[] {
  const { objective, method } = choices;
  return [
    ...(objective ? checkOptions(objective.options, config.objective, 'objective').problems : []),
    ...(method ? checkOptions(method.options, config.method.options, 'method.options').problems : []),
    ...checkOptions(training, config.training, 'training').problems,
  ];
}
