import type { Backend, HostValues } from '../backend/backend.ts';
import type { AnswerBatch, EncodedPrefix, ModelBatch } from '../models/model.ts';
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
  /** Texts are laid end to end in one row instead of being padded to one length. */
  readonly packs?: boolean;
}

/** Where each text begins in a batch `[rows, columns]`. */
interface Arrangement {
  readonly shape: readonly [number, number];
  readonly starts: readonly number[];
}

function arrange(lengths: readonly number[], packs: boolean): Arrangement {
  if (packs) {
    let total = 0;
    const starts = lengths.map((length) => (total += length) - length);
    return { shape: [1, Math.max(1, total)], starts };
  }
  const time = Math.max(1, ...lengths);
  return { shape: [lengths.length, time], starts: lengths.map((_, row) => row * time) };
}

function uploadPrefix(
  backend: Backend,
  { blocks, width, rows }: PrefixRows,
  { shape: [batch, time], starts }: Arrangement,
): EncodedPrefix {
  const isHalf = rows[0] instanceof Uint16Array;
  const size = batch * time * width;
  const values = isHalf ? new Uint16Array(size) : new Float32Array(size);
  rows.forEach((row, index) => values.set(row, (starts[index] ?? 0) * width));
  const shape = [batch, time, width];
  return { blocks, hidden: fromValues(backend, values, shape, isHalf ? 'bfloat16' : 'float32') };
}

/**
 * Examples as one batch: side by side, padded on the right to the longest of them, or packed end to end.
 * @returns int32 tensors `[batch, time]`, or `[1, Σ lengths]` where packed, in the running scope
 */
export function collate(place: BatchPlace, examples: readonly Example[]): ModelBatch {
  const { backend, padId, prefixes, packs = false } = place;
  const known = prefixes?.prefixOf(examples);
  const lengths = known
    ? known.rows.map((row) => row.length / known.width)
    : examples.map((example) => example.ids.length);
  const arrangement = arrange(lengths, packs);
  const { shape, starts } = arrangement;
  const fill = (background: number, put: (values: Int32Array, text: number, start: number) => void) => {
    const values = new Int32Array(shape[0] * shape[1]).fill(background);
    starts.forEach((start, text) => put(values, text, start));
    return fromValues(backend, values, shape, 'int32');
  };
  const batch = {
    // What was computed before already holds the tokens.
    inputIds: fill(padId, (values, text, start) => {
      if (!known) values.set(examples[text]?.ids ?? [], start);
    }),
    attentionMask: fill(0, (values, text, start) => values.fill(1, start, start + (lengths[text] ?? 0))),
    lengths,
    ...(packs ? { packed: true } : {}),
  };
  if (known) return { ...batch, prefix: uploadPrefix(backend, known, arrangement) };
  if (!examples.some((example) => example.typeIds !== null)) return batch;
  const tokenTypeIds = fill(0, (values, text, start) => values.set(examples[text]?.typeIds ?? [], start));
  return { ...batch, tokenTypeIds };
}

/**
 * What a decoder is fed to write answers: the start token and each answer without its last token, padded on the right.
 * @param answers token ids, at least one each
 */
export function collateAnswers(
  { backend, padId }: BatchPlace,
  answers: readonly (readonly number[])[],
  startToken: number,
): AnswerBatch {
  const lengths = answers.map((answer) => answer.length);
  const time = Math.max(1, ...lengths);
  const values = new Int32Array(answers.length * time).fill(padId);
  answers.forEach((answer, row) => values.set([startToken, ...answer.slice(0, -1)], row * time));
  return { inputIds: fromValues(backend, values, [answers.length, time], 'int32'), lengths };
}
