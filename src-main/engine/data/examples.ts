import type { Split } from '../../contract/datasets.ts';
import type { Backend } from '../backend/backend.ts';
import type { ModelBatch } from '../models/model.ts';
import { fromValues } from '../ops/index.ts';

/** One line of a training job's data file. */
export interface DataRow {
  readonly split: Split;
  readonly text: string;
  readonly textPair?: string;
  readonly label?: string;
  readonly prompt?: string;
  readonly completion?: string;
}

/** A row as the model sees it. */
export interface Example {
  readonly ids: readonly number[];
  /** Which of two texts each token belongs to; null when there is only one. */
  readonly typeIds: readonly number[] | null;
  /** The class number, or for causal language models one token id per position with `unlabelled` where none counts. */
  readonly target: number | readonly number[];
}

/** Marks a position whose prediction does not count. */
export const unlabelled = -100;

/**
 * Examples side by side, padded on the right to the longest of them.
 * @returns int32 tensors `[batch, time]` in the running scope
 */
export function collate(backend: Backend, examples: readonly Example[], padId: number): ModelBatch {
  const lengths = examples.map((example) => example.ids.length);
  const time = Math.max(1, ...lengths);
  const shape = [examples.length, time] as const;
  const size = examples.length * time;
  const ids = new Int32Array(size).fill(padId);
  const mask = new Int32Array(size);
  examples.forEach((example, row) => {
    ids.set(example.ids, row * time);
    mask.fill(1, row * time, row * time + example.ids.length);
  });
  const batch = {
    inputIds: fromValues(backend, ids, shape, 'int32'),
    attentionMask: fromValues(backend, mask, shape, 'int32'),
    lengths,
  };
  if (!examples.some((example) => example.typeIds !== null)) return batch;
  const types = new Int32Array(size);
  examples.forEach((example, row) => types.set(example.typeIds ?? [], row * time));
  return { ...batch, tokenTypeIds: fromValues(backend, types, shape, 'int32') };
}
