import { TunebenchError } from '../../contract/errors/index.ts';
import { isPromptFormat } from '../data/chatTemplate.ts';
import type { ByteSink, EngineFiles } from '../files.ts';
import { tensorToWrite } from '../formats/parameterTensors.ts';
import { adapterWeights, writeAdapterFiles } from '../formats/peftAdapter.ts';
import { openSafetensors } from '../formats/safetensors.ts';
import type { Attached, SavedTensor } from '../methods/method.ts';
import type { Model } from '../models/model.ts';
import type { CheckedTraining } from './check.ts';
import { recipeBytes, recipeFile } from './recipe.ts';
import { type RoomSetup, writeWhenThereIsRoom } from './room.ts';
import { weightFormOf } from './weightForm.ts';
import { writeWholeModel } from './wholeModel.ts';

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Reads a written weight file back and compares it with what is in memory. */
function verifyTensors(files: EngineFiles, path: string, tensors: ReadonlyMap<string, SavedTensor>): void {
  const broken = (detail: string) => new TunebenchError('run.resultNotVerified', { folder: path, detail });
  const file = openSafetensors(files.open(path), path);
  try {
    for (const [name, parameter] of tensors) {
      const entry = file.tensors.get(name);
      if (entry === undefined) throw broken(`${name} is missing`);
      if (!sameBytes(file.read(entry), tensorToWrite(name, parameter).bytes())) {
        throw broken(`${name} has other values`);
      }
    }
  } finally {
    file.close();
  }
}

/**
 * Writes what training made, in the ecosystem's naming: an adapter folder or a whole model folder, with a recipe
 * beside it. What was written is read back before it counts.
 * @throws TunebenchError `run.resultNotVerified`, `run.endedWithoutRoom`, or the file system's own
 */
export async function writeResult(
  setup: RoomSetup,
  target: string,
  model: Model,
  attached: Attached,
  checked: CheckedTraining,
): Promise<void> {
  const { files } = setup;
  const { objective, objectiveOptions, method } = checked;
  const format = objectiveOptions['promptFormat'];
  const recipe = recipeBytes({
    maximumLength: objectiveOptions.maximumLength,
    promptFormat: isPromptFormat(format) ? format : null,
    methodId: method.spec.id,
    objective: objectiveOptions,
    ...weightFormOf(method, checked.training),
  });
  const { adapter } = attached;
  const write = (file: (name: string) => ByteSink) => {
    if (adapter === null) writeWholeModel(files, model, objective, objectiveOptions, file);
    else writeAdapterFiles(model, adapter, { baseModel: model.folder }, file);
    file(recipeFile).write(recipe);
  };
  await writeWhenThereIsRoom(setup, target, (writer) => writer.writeFolder(target, write));
  const written: ReadonlyMap<string, ReadonlyMap<string, SavedTensor>> = adapter === null
    ? new Map([['model.safetensors', model.parameters]])
    : adapterWeights(model, adapter);
  for (const [name, tensors] of written) verifyTensors(files, files.join(target, name), tensors);
}
