import type { DatasetSummary } from '../../../src-main/contract/datasets.ts';
import {
  type ColumnRole,
  type MethodSpec,
  type ObjectiveSpec,
  type Task,
  missingRoles,
} from '../../../src-main/contract/methods.ts';
import type { ModelSummary } from '../../../src-main/contract/models.ts';

export interface TaskFit {
  task: Task;
  /** Roles the dataset has no column for. */
  missingRoles: readonly ColumnRole[];
  modelCan: boolean;
  fits: boolean;
}

/** Which tasks this dataset and this model can serve together, and why the others cannot. */
export function fitTasks(
  objectives: readonly ObjectiveSpec[],
  dataset: Pick<DatasetSummary, 'mapping'> | undefined,
  model: Pick<ModelSummary, 'tasks'> | undefined,
): TaskFit[] {
  return objectives.map((objective) => {
    const missing = dataset ? missingRoles(objective, dataset.mapping.roles) : [];
    const modelCan = model ? model.tasks.includes(objective.id) : true;
    return { task: objective.id, missingRoles: missing, modelCan, fits: missing.length === 0 && modelCan };
  });
}

export function methodFits(
  method: Pick<MethodSpec, 'tasks' | 'modelTypes'>,
  task: Task | undefined,
  model: Pick<ModelSummary, 'modelType'> | undefined,
): boolean {
  const taskFits = task === undefined || method.tasks.includes(task);
  return taskFits && (model === undefined || method.modelTypes.includes(model.modelType));
}

/** The method to start with: LoRA where it fits, because it is quick and gentle; otherwise the first that fits. */
export function suggestMethod(
  methods: readonly MethodSpec[],
  task: Task,
  model: Pick<ModelSummary, 'modelType'>,
): MethodSpec | undefined {
  const fitting = methods.filter((method) => methodFits(method, task, model));
  return fitting.find(({ id }) => id === 'lora') ?? fitting[0];
}
