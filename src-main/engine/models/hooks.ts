import type { Tensor } from '../autodiff/tensor.ts';
import type { Pass } from './model.ts';

// Where a method can step into a model besides its linear layers. A hook that is null changes nothing.

/** Shape and names of one Transformer block, known from config.json alone. */
export interface BlockShape {
  /** For example `bert.encoder.layer.0`. */
  readonly path: string;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Paths of the attention's linear layers; where one layer makes all three of them, its path three times. */
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly output: string;
}

/** What surrounds the output of a sub-layer (attention or feed-forward), all `[batch, time, width]`. */
export interface SublayerSurroundings {
  /** What the output is going to be added to. */
  readonly residual: Tensor;
  /** The norm of that sum where a norm follows it (post-norm blocks); null where norms come first. */
  readonly normalize: ((sum: Tensor) => Tensor) | null;
  readonly pass: Pass;
}

export interface AttentionSurroundings extends SublayerSurroundings {
  /** The queries, rotated where the model rotates them, unscaled: `[batch, heads, time, headSize]`. */
  readonly query: () => Tensor;
}

/** One Transformer block as methods see it. */
export interface Block extends BlockShape {
  /** The attention's output after its projection and dropout, before the residual is added → what is added instead. */
  attentionOutput: ((output: Tensor, around: AttentionSurroundings) => Tensor) | null;
  /** Likewise for the feed-forward sub-layer. */
  feedForwardOutput: ((output: Tensor, around: SublayerSurroundings) => Tensor) | null;
}

/** How what several prompts make of a text becomes one answer. */
export type MemberChoice = 'mean' | 'vote';

/** Embeddings of virtual tokens that stand before each row's own. */
export interface SoftPrompt {
  /** Number of virtual tokens. */
  readonly length: number;
  /**
   * Several prompts of that length, with each of which every row is computed: all rows with the first, then all with the
   * second. Only for class logits, which are one row for each row and member. Left out: one prompt.
   */
  readonly members?: { readonly count: number; readonly choose: MemberChoice };
  /** → `[members · length, width]`, in place of word embeddings: positions and token types are added as to any token. */
  embed(pass: Pass): Tensor;
}

/** Keys and values every block attends to besides those of its tokens. */
export interface KeyValuePrefix {
  readonly length: number;
  /** Whether the tokens' positions begin behind it; otherwise it has none, and takes no room from the text. */
  readonly takesPositions: boolean;
  /** Tensors that all blocks read, computed once per pass. */
  prepare(pass: Pass): readonly Tensor[];
  /**
   * @param block number of the block
   * @param x what the block's attention works on `[batch, time, width]`
   * @returns `[batch or 1, keyValueHeads, length, headSize]` each; keys as they are compared, not rotated afterwards
   */
  keyValues(
    block: number,
    prepared: readonly Tensor[],
    x: Tensor,
    pass: Pass,
  ): { readonly k: Tensor; readonly v: Tensor };
}

/** All places of a model where a method can step in, apart from `Linear.transform` and `Linear.prepare`. */
export interface Hooks {
  readonly blocks: readonly Block[];
  /** Token ids `[batch, time]` and their word embeddings `[batch, time, width]` → the changed embeddings. */
  words: ((ids: Tensor, embeddings: Tensor, pass: Pass) => Tensor) | null;
  prompt: SoftPrompt | null;
  keyValues: KeyValuePrefix | null;
  /** The whole embedding block's output `[batch, time, width]`, on its way to the first block. */
  embedded: ((hidden: Tensor, pass: Pass) => Tensor) | null;
  /** Rows `[rows, width]` on their way into the output embedding. */
  beforeVocabulary: ((rows: Tensor) => Tensor) | null;
}

/** Hooks that change nothing. */
export function makeHooks(shapes: readonly BlockShape[]): Hooks {
  return {
    blocks: shapes.map((shape) => ({ ...shape, attentionOutput: null, feedForwardOutput: null })),
    words: null,
    prompt: null,
    keyValues: null,
    embedded: null,
    beforeVocabulary: null,
  };
}

/** How often each row of a batch is computed. */
export function memberCount({ prompt }: Hooks): number {
  return prompt?.members?.count ?? 1;
}

/** Keys in front of those of the tokens, without room of their own in the sequence. */
export function prefixLength({ keyValues }: Hooks): number {
  return keyValues?.length ?? 0;
}

/** Position of the first token. */
export function firstPosition({ keyValues }: Hooks): number {
  return keyValues?.takesPositions ? keyValues.length : 0;
}

/** Positions that virtual tokens take away from the text. */
export function virtualPositions(hooks: Hooks): number {
  return (hooks.prompt?.length ?? 0) + firstPosition(hooks);
}
