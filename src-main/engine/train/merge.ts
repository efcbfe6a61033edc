import { TunebenchError } from '../../contract/errors/index.ts';
import { checkOptions } from '../../contract/options.ts';
import type { LoadedModel } from '../../contract/worker.ts';
import type { Backend } from '../backend/backend.ts';
import type { EngineFiles } from '../files.ts';
import { loadTrainedModel } from '../formats/trainedModel.ts';
import { findMethod } from '../methods/registry.ts';
import { objectiveFor } from '../objectives/registry.ts';
import { emptyRecipe, readRecipe, recipeBytes, recipeFile } from './recipe.ts';
import { writeWholeModel } from './wholeModel.ts';

export interface MergeRequest {
  /** A base model and what was trained on it. */
  readonly model: LoadedModel;
  readonly targetFolder: string;
  readonly backend: Backend;
  readonly files: EngineFiles;
}

/**
 * Writes a trained model as one Hugging Face folder that needs no adapter.
 * @throws TunebenchError `method.cannotMerge`
 */
export function mergeModel({ model: wanted, targetFolder, backend, files }: MergeRequest): void {
  const { modelFolder, trainedFolder, task, adapters } = wanted;
  const objective = objectiveFor(task);
  const recipe = trainedFolder === undefined ? emptyRecipe : readRecipe(files, trainedFolder);
  // What was trained on quantised weights is merged into those, restored to 32 bits.
  const { quantization } = recipe;
  const options = { files, folder: modelFolder, backend, task, seed: 0, quantization };
  const { model, attached } = loadTrainedModel(options, trainedFolder, adapters);
  try {
    if (attached !== null) {
      if (attached.merge === null) {
        attached.detach();
        const method = findMethod(recipe.methodId ?? '')?.spec.name ?? '–';
        throw new TunebenchError('method.cannotMerge', { method });
      }
      attached.merge();
    }
    files.writeFolder(targetFolder, (file) => {
      const { values } = checkOptions(objective.spec.options, recipe.objective, 'objective');
      writeWholeModel(files, model, objective, values, file);
      if (trainedFolder !== undefined)
        file(recipeFile).write(recipeBytes({ ...recipe, quantization: 'none', weightType: 'float32' }));
    });
  } finally {
    model.dispose();
  }
}
