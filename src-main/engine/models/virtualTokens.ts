import type { Tensor } from '../autodiff/tensor.ts';
import { broadcastTo, concat, embedding, filled, mergeHeads, reshape, scale, slice } from '../ops/index.ts';
import type { Hooks, KeyValuePrefix } from './hooks.ts';
import type { ModelBatch, Pass } from './model.ts';

/** int32 `[batch, time]` with `length` more columns of one value in front. */
function widen(columns: Tensor, length: number, value: number): Tensor {
  const [batch = 0] = columns.shape;
  return concat([filled(columns.backend, [batch, length], value, 'int32'), columns], 1);
}

/** A batch with room for a soft prompt: everything but the ids covers the virtual tokens, which are seen and not padding. */
export function withVirtualTokens(batch: ModelBatch, { prompt }: Hooks): ModelBatch {
  if (prompt === null) return batch;
  const { length } = prompt;
  return {
    ...batch,
    attentionMask: widen(batch.attentionMask, length, 1),
    lengths: batch.lengths.map((tokens) => tokens + length),
    ...(batch.tokenTypeIds ? { tokenTypeIds: widen(batch.tokenTypeIds, length, 0) } : {}),
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

/** Word embeddings of a batch, virtual tokens first: `[batch, virtual + time, width]`. */
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
  const virtual = reshape(hooks.prompt.embed(pass), [1, length, width]);
  return concat([broadcastTo(virtual, [batch, length, width]), words], 1);
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
