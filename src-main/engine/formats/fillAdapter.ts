import { type Problem, describeProblem, errorFromProblems } from '../../contract/errors/index.ts';
import type { Parameter } from '../autodiff/tensor.ts';
import type { AdapterContents, SavedTensor } from '../methods/method.ts';
import type { Model } from '../models/model.ts';
import { assignFrom } from './parameterTensors.ts';
import type { SafetensorsFile, TensorEntry } from './safetensors.ts';

/** What stands before the model's own names: soft prompts do not wrap the model once more. */
const wrappings = ['base_model.model.', 'base_model.'];

/** Where a saved tensor goes; PEFT writes some of its wrappers' inner names beside the plain ones. */
function placeOf(name: string, model: Model, adapter: AdapterContents): SavedTensor | null | undefined {
  if (name.includes('.original_module.')) return null;
  const plain = name.replace('.modules_to_save.', '.');
  const own = wrappings
    .filter((wrapping) => plain.startsWith(wrapping))
    // Beside an adapter on the word embeddings PEFT writes the embeddings, too.
    .map((wrapping) => model.parameters.get(plain.slice(wrapping.length).replace('.base_layer.', '.')))
    .find((parameter) => parameter !== undefined);
  return adapter.tensors.get(plain) ?? own;
}

/** Fills an attached adapter from its files; what does not fit is reported together. */
export function fillAdapter(
  model: Model,
  adapter: AdapterContents,
  files: readonly SafetensorsFile[],
  savedModules: readonly string[],
  folder: string,
): void {
  const problems: Problem[] = [];
  const places = new Map<Parameter, { readonly file: SafetensorsFile; readonly entry: TensorEntry }>();
  const found = files.flatMap((file) => [...file.tensors].map(([name, entry]) => ({ file, name, entry })));
  for (const { file, name, entry } of found) {
    const place = placeOf(name, model, adapter);
    if (place === null) continue;
    if (place === undefined || 'compute' in place) {
      problems.push(describeProblem('adapter.unknownTensor', { folder, tensor: name }));
      continue;
    }
    places.set(place, { file, entry });
    if (place.shape.join() === entry.shape.join()) continue;
    const shapes = { found: entry.shape.join(', '), expected: place.shape.join(', ') };
    problems.push(describeProblem('adapter.wrongShape', { folder, tensor: name, ...shapes }));
  }
  for (const [name, parameter] of adapter.tensors) {
    if ('compute' in parameter) continue;
    // Parts of the head that the adapter was not trained with keep the base model's values.
    const isOwnHead =
      model.headNames.includes(parameter.name) &&
      !savedModules.some((part) => `.${name}`.includes(`.${part}.`));
    if (places.has(parameter) || isOwnHead) continue;
    const params = { folder, tensor: name, shape: parameter.shape.join(', ') };
    problems.push(describeProblem('adapter.missingTensor', params));
  }
  if (problems.length > 0) throw errorFromProblems(problems);
  for (const [place, { file, entry }] of places) assignFrom(place, file, entry);
}
