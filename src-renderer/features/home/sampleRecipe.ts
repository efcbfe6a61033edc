import type { DatasetSummary } from '../../../src-main/contract/datasets.ts';
import type { MethodSpec, ObjectiveSpec, Task } from '../../../src-main/contract/methods.ts';
import type { ModelSummary } from '../../../src-main/contract/models.ts';
import type { RunConfig } from '../../../src-main/contract/runs.ts';
import { missingRoles, suggestMethod } from '../train/eligibility.ts';

export interface SampleRecipe {
  config: RunConfig;
  dataset: DatasetSummary;
  model: ModelSummary;
  method: MethodSpec;
}

/** The sample project of a task, from what ships with the workbench; undefined when a part of it is gone. */
export function findSampleRecipe(
  task: Task,
  datasets: readonly DatasetSummary[],
  models: readonly ModelSummary[],
  methods: readonly MethodSpec[],
  objectives: readonly ObjectiveSpec[],
): SampleRecipe | undefined {
  const objective = objectives.find(({ id }) => id === task);
  if (!objective) return undefined;
  const dataset = datasets.find(
    (candidate) => candidate.source === 'sample' && missingRoles(candidate, objective).length === 0,
  );
  // A model made for one task alone fits it better than one that can also do it.
  const model = models
    .filter((candidate) => candidate.source === 'sample' && candidate.tasks.includes(task))
    .sort((first, second) => first.tasks.length - second.tasks.length)[0];
  if (!dataset || !model) return undefined;
  const method = suggestMethod(methods, task, model);
  if (!method) return undefined;
  const config: RunConfig = {
    modelId: model.id,
    datasetId: dataset.id,
    task,
    objective: {},
    method: { id: method.id, options: {} },
    training: {},
  };
  return { config, dataset, model, method };
}
