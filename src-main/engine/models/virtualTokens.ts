import type { Tensor } from '../autodiff/tensor.ts';
import { broadcastTo, concat, embedding, filled, mergeHeads, reshape, scale, slice } from '../ops/index.ts';
import { type Hooks, type KeyValuePrefix, memberCount } from './hooks.ts';
import type { ModelBatch, Pass } from './model.ts';

/** int32 `[batch, time]` with `length` more columns of one value in front. */
function widen(columns: Tensor, length: number, value: number): Tensor {
  const [batch = 0] = columns.shape;
  return concat([filled(columns.backend, [batch, length], value, 'int32'), columns], 1);
}

/** Rows of a tensor once for each member of an ensemble. */
function repeatRows(rows: Tensor, members: number): Tensor {
  return members === 1 ? rows : concat(Array<Tensor>(members).fill(rows), 0);
}

/**
 * A batch with room for a soft prompt: everything but the ids covers the virtual tokens, which are seen and not padding,
 * and stands once for each member of an ensemble of prompts.
 */
export function withVirtualTokens(batch: ModelBatch, hooks: Hooks): ModelBatch {
  if (hooks.prompt === null) return batch;
  const { length } = hooks.prompt;
  const members = memberCount(hooks);
  const lengths = batch.lengths.map((tokens) => tokens + length);
  const around = (columns: Tensor, value: number) => repeatRows(widen(columns, length, value), members);
  return {
    ...batch,
    attentionMask: around(batch.attentionMask, 1),
    lengths: Array<number[]>(members).fill(lengths).flat(),
    ...(batch.tokenTypeIds ? { tokenTypeIds: around(batch.tokenTypeIds, 0) } : {}),
  };
}

/** The hidden states of the tokens themselves: `[batch, virtual + time, width]` → `[batch, time, width]`. */
export function withoutVirtualTokens(hidden: Tensor, { prompt }: Hooks): Tensor {
  return prompt === null ? hidden : slice(hidden, [0, prompt.length, 0], [-1, -1, -1]);
}

interface EmbedOptions {
  /** Multiplies word embeddings, but not those of virtual tokens. */
  readonly factor?: number | undefined;
  readonly withPrompt?: boolean;
}

/** Word embeddings of a batch, virtual tokens first: `[members · batch, virtual + time, width]`. */
export function embedWords(
  table: Tensor,
  ids: Tensor,
  hooks: Hooks,
  pass: Pass,
  { factor = 1, withPrompt = true }: EmbedOptions = {},
): Tensor {
  const found = embedding(table, ids);
  const changed = hooks.words ? hooks.words(ids, found, pass) : found;
  const words = factor === 1 ? changed : scale(changed, factor);
  if (hooks.prompt === null || !withPrompt) return words;
  const [batch = 0, , width = 0] = words.shape;
  const { length } = hooks.prompt;
  const members = memberCount(hooks);
  const prompts = reshape(hooks.prompt.embed(pass), [members, 1, length, width]);
  const virtual = broadcastTo(prompts, [members, batch, length, width]);
  const rows = members * batch;
  return concat([reshape(virtual, [rows, length, width]), repeatRows(words, members)], 1);
}

/** A prefix together with the tensors made for one pass. */
export interface PreparedPrefix {
  readonly prefix: KeyValuePrefix;
  readonly prepared: readonly Tensor[];
}

export function preparePrefix({ keyValues }: Hooks, pass: Pass): PreparedPrefix | null {
  return keyValues && { prefix: keyValues, prepared: keyValues.prepare(pass) };
}

/**
 * Keys and values with the prefix's in front of them: `[batch, heads, time, headSize]`, or `[batch, time, heads·headSize]`
 * as linear layers give them.
 */
export function joinPrefix(
  given: PreparedPrefix | null,
  block: number,
  x: Tensor,
  own: { readonly k: Tensor; readonly v: Tensor },
  pass: Pass,
): { readonly k: Tensor; readonly v: Tensor } {
  if (given === null) return own;
  const { k, v } = given.prefix.keyValues(block, given.prepared, x, pass);
  const join = (before: Tensor, after: Tensor) => {
    const [batch = 0] = after.shape;
    const asRows = after.shape.length === 3;
    const formed = asRows ? mergeHeads(before) : before;
    return concat([broadcastTo(formed, [batch, ...formed.shape.slice(1)]), after], asRows ? 1 : 2);
  };
  return { k: join(k, own.k), v: join(v, own.v) };
}
