import { errorFromProblems } from '../../contract/errors/index.ts';
import { type Task, headOf } from '../../contract/methods.ts';
import type { Parameter } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import type { EngineFiles } from '../files.ts';
import { openWeightFiles } from '../formats/weightFiles.ts';
import { matchCheckpoint } from './checkpoint.ts';
import { checkTask, describeModel, layoutOf } from './description.ts';
import { ModelLayout, stripPrefix } from './layout.ts';
import { type WeightForm, loadParameters } from './loadParameters.ts';
import type { Model } from './model.ts';
import { withoutVirtualTokens } from './virtualTokens.ts';
import { Weights } from './weights.ts';

/**
 * Whether a checkpoint has a head of its own for a task, made for exactly these labels: what it scores then is something
 * it has learned.
 * @param labels in the order of the logits; empty for tasks without classes
 * @throws TunebenchError where the folder cannot be read
 */
export function hasOwnHead(
  files: EngineFiles,
  folder: string,
  task: Task,
  labels: readonly string[],
): boolean {
  const description = describeModel(files, folder);
  if (checkTask(description, task).length > 0) return false;
  if (labels.length > 0 && description.labels.join('\n') !== labels.join('\n')) return false;
  const layout = layoutOf(description, headOf(task), labels.length);
  const weights = openWeightFiles(files, folder);
  try {
    const { architecture } = description;
    const match = matchCheckpoint(layout, weights.entries, { architecture, folder, reuseHead: true });
    return match.problems.length === 0 && match.fresh.size === 0;
  } finally {
    weights.close();
  }
}

/** The weights of a layout that a model does not hold yet. */
function missingWeights(layout: ModelLayout, isHeld: (name: string) => boolean): ModelLayout {
  const missing = new ModelLayout();
  missing.words = layout.words;
  for (const [name, spec] of layout.weights) if (!isHeld(name)) missing.weights.set(name, spec);
  return missing;
}

/**
 * The same body, as it is trained now, under the checkpoint's own head for guessing hidden words: shows what an encoder
 * still knows of language while it learns something else. The head itself stays as it is stored.
 * `dispose` frees the head alone.
 * @throws TunebenchError naming what of the head the checkpoint lacks
 */
export function underMaskedHead(
  model: Model,
  { files, backend, ...form }: WeightForm & { readonly files: EngineFiles; readonly backend: Backend },
): Model {
  const description = describeModel(files, model.folder);
  const { architecture, blueprint } = description;
  const layout = layoutOf(description, 'maskedToken', 0);
  // A body without a head is named without the prefix.
  const heldOf = (name: string) =>
    model.parameters.get(name) ?? model.parameters.get(stripPrefix(name, architecture.prefix));
  const weightFiles = openWeightFiles(files, model.folder);
  let head: Map<string, Parameter>;
  try {
    const missing = missingWeights(layout, (name) => heldOf(name) !== undefined);
    const where = { architecture, folder: model.folder, reuseHead: true };
    const match = matchCheckpoint(missing, weightFiles.entries, where);
    if (match.problems.length > 0) throw errorFromProblems(match.problems);
    head = loadParameters(
      { backend, blueprint, layout: missing, match, weights: weightFiles, seed: 0 },
      form,
    );
  } finally {
    weightFiles.close();
  }
  const parameters = new Map<string, Parameter>();
  for (const name of layout.weights.keys()) {
    const parameter = heldOf(name) ?? head.get(name);
    if (parameter !== undefined) parameters.set(name, parameter);
  }
  const weights = new Weights(layout, parameters);
  const network = blueprint.network(weights, backend, 'maskedToken');
  return {
    ...model,
    head: 'maskedToken',
    encode(batch, pass) {
      const hidden = model.encode(batch, pass);
      return model.head === 'classes' ? withoutVirtualTokens(hidden, model.hooks) : hidden;
    },
    vocabularyLogits(rows, pass) {
      weights.hooks.beforeVocabulary = model.hooks.beforeVocabulary;
      if (!network.vocabularyLogits) throw new Error(`${model.modelType} guesses no hidden words.`);
      return network.vocabularyLogits(rows, pass);
    },
    dispose() {
      for (const parameter of head.values()) parameter.dispose();
    },
  };
}
