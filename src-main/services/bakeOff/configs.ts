import type { BakeOffBudget, BakeOffRequest } from '../../contract/bakeOff.ts';
import type { OptionValue } from '../../contract/options.ts';
import type { RunConfig } from '../../contract/runs.ts';
import { listMethods, trainingOptions } from '../../engine/index.ts';

/** Epochs enough to outlast any budget of minutes: time ends the run, and the learning rate falls with it. */
const endlessEpochs = 1000;

function budgetSettings(budget: BakeOffBudget): Record<string, OptionValue> {
  switch (budget.kind) {
    case 'epochs':
      return { epochs: budget.epochs, maximumSteps: 0, maximumMinutes: 0 };
    case 'steps':
      return { maximumSteps: budget.steps, maximumMinutes: 0 };
    case 'minutes':
      return { epochs: endlessEpochs, maximumSteps: 0, maximumMinutes: budget.minutes };
    default:
      return budget satisfies never;
  }
}

/** The learning rate a method's description begins with. */
function usualLearningRate(methodId: string): number {
  const method = listMethods().find(({ spec }) => spec.id === methodId);
  return method?.spec.traits.learningRate ?? trainingOptions.learningRate.default;
}

/** The configuration of each method of a bake-off with one seed; they differ in nothing but method and learning rate. */
export function configsOf(
  request: BakeOffRequest,
  seed: number,
): { methodId: string; learningRate: number; config: RunConfig }[] {
  const { modelId, datasetId, task, objective, watchDatasetId } = request;
  return request.methods.map(({ id, options, learningRate = usualLearningRate(id) }) => ({
    methodId: id,
    learningRate,
    config: {
      modelId,
      datasetId,
      task,
      objective,
      method: { id, options },
      ...(watchDatasetId === undefined ? {} : { watchDatasetId }),
      // What is compared in the end is not looked at on the way.
      training: { sampleRows: 0, ...request.training, ...budgetSettings(request.budget), learningRate, seed },
    },
  }));
}
