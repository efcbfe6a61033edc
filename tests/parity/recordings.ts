import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { taskSchema } from '../../src-main/contract/methods.ts';
import { modelTypes } from '../../src-main/contract/modelTypes.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { toFloat32 } from '../../src-main/engine/formats/elementTypes.ts';
import { openSafetensors } from '../../src-main/engine/formats/safetensors.ts';
import type { ModelBatch } from '../../src-main/engine/models/model.ts';
import { architectures } from '../../src-main/engine/models/registry.ts';
import { fromValues } from '../../src-main/engine/ops/index.ts';
import { MemoryFiles, sourceOf } from '../unit/engine/memoryFiles.ts';

export { modelTypes };

/** Written by tests/reference/record.py. */
export const recordedFolder = join(import.meta.dirname, '..', 'reference', 'recorded');

export interface RecordedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
export type Recording = ReadonlyMap<string, RecordedTensor>;

export function readRecording(path: string): Recording {
  const file = openSafetensors(sourceOf(readFileSync(path)), path);
  return new Map(
    [...file.tensors].map(([name, entry]) => [
      name,
      { shape: entry.shape, values: toFloat32(file.read(entry), entry.type) },
    ]),
  );
}

export function recorded(recording: Recording, name: string): RecordedTensor {
  const tensor = recording.get(name);
  if (tensor === undefined) throw new Error(`Nothing was recorded for ${name}.`);
  return tensor;
}

/** A recorded folder under its own name in memory. */
export function recordedFiles(...folders: string[]): MemoryFiles {
  const files = new MemoryFiles();
  for (const folder of folders) files.load(join(recordedFolder, folder), folder);
  return files;
}

/** Every architecture with every task it can do. */
export const cases = modelTypes.flatMap((modelType) => {
  const { classNames } = architectures[modelType];
  return taskSchema.options
    .filter((task) => classNames[task] !== undefined)
    .map((task) => ({ modelType, task }));
});

/** The recorded input: three rows padded on the right. */
export function batchOf(backend: Backend, recording: Recording): ModelBatch {
  const integers = (name: string) => {
    const { shape, values } = recorded(recording, name);
    return fromValues(backend, Int32Array.from(values), shape, 'int32');
  };
  const { shape, values } = recorded(recording, 'attention_mask');
  const [rows = 0, time = 0] = shape;
  const lengths = Array.from({ length: rows }, (_, row) =>
    values.subarray(row * time, (row + 1) * time).reduce((sum, seen) => sum + seen, 0),
  );
  return {
    inputIds: integers('input_ids'),
    attentionMask: integers('attention_mask'),
    lengths,
    ...(recording.has('token_type_ids') ? { tokenTypeIds: integers('token_type_ids') } : {}),
  };
}
