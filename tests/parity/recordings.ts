import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Task, headOf } from '../../src-main/contract/methods.ts';
import { type ModelType, modelTypes } from '../../src-main/contract/modelTypes.ts';
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

const recordedTasks = ['classification', 'causalLm', 'seq2seq'] as const satisfies readonly Task[];

/** Every architecture with the tasks that all its family can do. */
export const cases = modelTypes.flatMap((modelType) => {
  const { classNames } = architectures[modelType];
  return recordedTasks
    .filter((task) => classNames[headOf(task)] !== undefined)
    .map((task) => ({ modelType, task }));
});

/** The first recorded task of an architecture. */
export function taskOf(modelType: ModelType): (typeof recordedTasks)[number] {
  const found = cases.find((one) => one.modelType === modelType);
  if (found === undefined) throw new Error(`Nothing is recorded of ${modelType}.`);
  return found.task;
}

/** Labels of each row that count. */
function answerLengths(recording: Recording): number[] {
  const { shape, values } = recorded(recording, 'labels');
  const [rows = 0, time = 0] = shape;
  return Array.from(
    { length: rows },
    (_, row) => values.subarray(row * time, (row + 1) * time).filter((label) => label !== -100).length,
  );
}

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
    ...(recording.has('decoder_input_ids')
      ? { answer: { inputIds: integers('decoder_input_ids'), lengths: answerLengths(recording) } }
      : {}),
    ...(recording.has('token_type_ids') ? { tokenTypeIds: integers('token_type_ids') } : {}),
  };
}
