import type { Backend, HostValues } from '../backend/backend.ts';
import type { EncodedPrefix, ModelBatch } from '../models/model.ts';
import { fromValues } from '../ops/index.ts';
import type { Example } from './examples.ts';

/** Hidden states of some examples after the first `blocks` blocks. */
export interface PrefixRows {
  readonly blocks: number;
  /** Width of a hidden state. */
  readonly width: number;
  /** Per example `[tokens, width]`: all of its tokens, or only the one that the classifier looks at. */
  readonly rows: readonly HostValues[];
}

/** Knows hidden states that need not be computed again. */
export interface PrefixSource {
  /** Null where there is nothing to save. */
  prefixOf(examples: readonly Example[]): PrefixRows | null;
}

/** Where a batch's tensors are made and what fills their ends. */
export interface BatchPlace {
  readonly backend: Backend;
  readonly padId: number;
  readonly prefixes?: PrefixSource | null;
}

function uploadPrefix(backend: Backend, { blocks, width, rows }: PrefixRows, time: number): EncodedPrefix {
  const size = rows.length * time * width;
  const isHalf = rows[0] instanceof Uint16Array;
  const values = isHalf ? new Uint16Array(size) : new Float32Array(size);
  rows.forEach((row, index) => values.set(row, index * time * width));
  const shape = [rows.length, time, width];
  return { blocks, hidden: fromValues(backend, values, shape, isHalf ? 'bfloat16' : 'float32') };
}

/**
 * Examples side by side, padded on the right to the longest of them.
 * @returns int32 tensors `[batch, time]` in the running scope
 */
export function collate({ backend, padId, prefixes }: BatchPlace, examples: readonly Example[]): ModelBatch {
  const known = prefixes?.prefixOf(examples);
  const lengths = known
    ? known.rows.map((row) => row.length / known.width)
    : examples.map((example) => example.ids.length);
  const time = Math.max(1, ...lengths);
  const shape = [examples.length, time] as const;
  const size = examples.length * time;
  const mask = new Int32Array(size);
  lengths.forEach((length, row) => mask.fill(1, row * time, row * time + length));
  const ids = new Int32Array(size).fill(padId);
  // What was computed before already holds the tokens.
  if (!known) examples.forEach((example, row) => ids.set(example.ids, row * time));
  const batch = {
    inputIds: fromValues(backend, ids, shape, 'int32'),
    attentionMask: fromValues(backend, mask, shape, 'int32'),
    lengths,
  };
  if (known) return { ...batch, prefix: uploadPrefix(backend, known, time) };
  if (!examples.some((example) => example.typeIds !== null)) return batch;
  const types = new Int32Array(size);
  examples.forEach((example, row) => types.set(example.typeIds ?? [], row * time));
  return { ...batch, tokenTypeIds: fromValues(backend, types, shape, 'int32') };
}
