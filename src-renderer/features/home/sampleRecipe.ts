import type { DatasetSummary } from '../../../src-main/contract/datasets.ts';
import {
  type MethodSpec,
  type ObjectiveSpec,
  type Task,
  missingRoles,
} from '../../../src-main/contract/methods.ts';
import type { ModelSummary } from '../../../src-main/contract/models.ts';
import type { RunConfig } from '../../../src-main/contract/runs.ts';

export interface SampleRecipe {
  config: RunConfig;
  dataset: DatasetSummary;
  model: ModelSummary;
  method: MethodSpec;
}

/**
 * Models this small learn best in full and at high learning rates; the methods that add little beside frozen weights need
 * more to build on. The batch gives a minute's work enough steps.
 */
const sampleMethod = 'full';
const sampleTraining = {
  classification: { learningRate: 1e-3, epochs: 8, batchSize: 16 },
  causalLm: { learningRate: 1e-3, epochs: 10, batchSize: 16 },
} as const satisfies Partial<Record<Task, RunConfig['training']>>;
/** The tasks that a sample project exists for. */
export type SampleTask = keyof typeof sampleTraining;

const writes = ({ tasks }: ModelSummary): boolean => tasks.includes('causalLm');

/** The sample project of a task, from what ships with the workbench; undefined when a part of it is gone. */
export function findSampleRecipe(
  task: SampleTask,
  datasets: readonly DatasetSummary[],
  models: readonly ModelSummary[],
  methods: readonly MethodSpec[],
  objectives: readonly ObjectiveSpec[],
): SampleRecipe | undefined {
  const objective = objectives.find(({ id }) => id === task);
  if (!objective) return undefined;
  const dataset = datasets.find(
    (candidate) =>
      candidate.source === 'sample' && missingRoles(objective, candidate.mapping.roles).length === 0,
  );
  // A model that only reads judges texts better than one of its size that writes as well.
  const model = models
    .filter((candidate) => candidate.source === 'sample' && candidate.tasks.includes(task))
    .sort((first, second) => Number(writes(first)) - Number(writes(second)))[0];
  if (!dataset || !model) return undefined;
  const method = methods.find(({ id }) => id === sampleMethod);
  if (!method) return undefined;
  const config: RunConfig = {
    modelId: model.id,
    datasetId: dataset.id,
    task,
    objective: {},
    method: { id: method.id, options: {} },
    training: sampleTraining[task],
  };
  return { config, dataset, model, method };
}
