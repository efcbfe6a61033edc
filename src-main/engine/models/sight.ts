import type { Parameter, Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import { type AttentionOptions, embedding, fromValues, indicesFrom, slice } from '../ops/index.ts';
import type { ModelBatch } from './model.ts';

// Where the tokens of a batch stand in their texts, and which of each other they see: one text a row, padded behind, or
// all texts packed end to end in one row.

/** Which keys the queries of a pass see. */
export type Sight = Required<Pick<AttentionOptions, 'causal' | 'ranges'>>;

/** How long the texts of a batch are, and how they lie. */
export type TextLengths = Pick<ModelBatch, 'lengths' | 'packed'>;

/** Index of each text's first token among all positions of a batch of `time` columns. */
export function textStarts({ lengths, packed = false }: TextLengths, time: number): number[] {
  let start = 0;
  return lengths.map((length, row) => {
    const own = packed ? start : row * time;
    start += length;
    return own;
  });
}

/** Position of every token in its text: one row for all, since padding stands behind the tokens. */
export function textPositions({ lengths, packed = false }: TextLengths, time: number, first = 0): number[] {
  const count = (length: number) => Array.from({ length }, (_, position) => first + position);
  return packed ? lengths.flatMap(count) : count(time);
}

/** Rows of a table of learned positions for the tokens of a batch, `[1, time, width]` or `[time, width]`. */
export function learnedPositions(table: Parameter, batch: ModelBatch, time: number, first: number): Tensor {
  const [, width = 0] = table.shape;
  if (!batch.packed) return slice(table.value, [first, 0], [time, width]);
  const positions = textPositions(batch, time, first);
  return embedding(table.value, indicesFrom(table.value.backend, positions, [1, time]));
}

/** int32 `[batch, queries, 2]` of pairs in that order. */
export function rangesFrom(backend: Backend, pairs: readonly number[], batch: number): Tensor {
  return fromValues(backend, Int32Array.from(pairs), [batch, pairs.length / 2 / batch, 2], 'int32');
}

/**
 * Every token sees all tokens of its text, and the `before` keys in front of them.
 * @returns null where that is everything
 */
export function textRanges(backend: Backend, batch: TextLengths, time: number, before = 0): Tensor | null {
  const { lengths, packed = false } = batch;
  if (packed) {
    const pairs = textStarts(batch, time).flatMap((start, row) => {
      const length = lengths[row] ?? 0;
      return Array.from({ length }, () => [start, start + length]).flat();
    });
    return rangesFrom(backend, pairs, 1);
  }
  if (lengths.every((length) => length === time)) return null;
  // A row of padding alone sees itself: an attention over nothing is not defined.
  const pairs = lengths.flatMap((length) => [0, before + Math.max(1, length)]);
  return rangesFrom(backend, pairs, lengths.length);
}

/**
 * Every token sees itself and what stands before it in its text, `window` positions at most. In padded rows causality
 * alone hides the padding from every real token.
 * @param before positions in front of the tokens that hold keys and values only
 */
export function causalSight(
  backend: Backend,
  batch: ModelBatch,
  time: number,
  window: number | null,
  before = 0,
): Sight {
  const reach = window ?? Infinity;
  if (!batch.packed && before + time <= reach) return { causal: true, ranges: null };
  const starts = batch.packed ? textStarts(batch, time) : [0];
  const pairs = (batch.packed ? batch.lengths : [time]).flatMap((length, text) => {
    const start = starts[text] ?? 0;
    return Array.from({ length }, (_, index) => {
      const own = before + start + index;
      return [Math.max(start, own - reach + 1), own + 1];
    }).flat();
  });
  return { causal: false, ranges: rangesFrom(backend, pairs, 1) };
}
