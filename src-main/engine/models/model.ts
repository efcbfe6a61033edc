import type { Head, ModelType } from '../../contract/methods.ts';
import type { Parameter, Tensor } from '../autodiff/tensor.ts';
import type { RandomStream } from '../ops/dropout.ts';
import type { Hooks } from './hooks.ts';

/** Token ids and what goes with them; all `[batch, time]`, int32, right-padded unless said otherwise. */
export interface ModelBatch {
  readonly inputIds: Tensor;
  /** 1 for tokens, 0 for padding. */
  readonly attentionMask: Tensor;
  /** Number of tokens of each text, without padding. */
  readonly lengths: readonly number[];
  /** All texts lie end to end in one row, `[1, Σ lengths]`; otherwise each has a row of its own. */
  readonly packed?: boolean;
  readonly tokenTypeIds?: Tensor;
  /** The answers a decoder is to write to texts that an encoder reads. */
  readonly answer?: AnswerBatch;
  /** Hidden states that were computed before: `encode` goes on from there. */
  readonly prefix?: EncodedPrefix;
}

/** What a decoder is fed: answers moved one token on, behind the start token, padded behind. */
export interface AnswerBatch {
  /** int32 `[batch, answerTime]` */
  readonly inputIds: Tensor;
  readonly lengths: readonly number[];
}

/** Hidden states `[batch, time, hidden]` after the first `blocks` blocks. */
export interface EncodedPrefix {
  readonly hidden: Tensor;
  readonly blocks: number;
}

/** Whether frozen matrices are held in fewer bits than they are computed with, and how. */
export type Quantization = 'none' | 'nf4';

/** Whether this pass trains (dropout on) and where its randomness comes from. */
export interface Pass {
  readonly training: boolean;
  readonly random: RandomStream;
  /**
   * Everything trainable, where each block's inner values are to be computed again for the gradient instead of kept:
   * less memory for more time (https://arxiv.org/abs/1604.06174).
   */
  readonly recompute?: readonly Parameter[];
  /** While an encoder runs its blocks: how many of each row's `time` tokens are not padding. */
  readonly texts?: { readonly lengths: readonly number[]; readonly time: number };
}

/** A pass without dropout: nothing is drawn from its random stream. */
export const evaluationPass: Pass = { training: false, random: { seed: 0, next: () => 0 } };

/**
 * A linear layer of a model by its name in the checkpoint, without `.weight`. Methods change what it computes by
 * setting `prepare` or `transform`; they never touch the model's code.
 */
export interface Linear {
  /** For example `bert.encoder.layer.0.attention.self.query`. */
  readonly path: string;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  /** `outIn` is `[out, in]`; `inOut` is GPT-2's Conv1D, `[in, out]`. */
  readonly layout: 'outIn' | 'inOut';
  /** x `[..., in]` → what the layer is given instead. Null: x itself. */
  prepare: ((x: Tensor, pass: Pass) => Tensor) | null;
  /** x `[..., in]` as the layer was given it, and the layer's own output `[..., out]` → the changed output. Null: unchanged. */
  transform: ((x: Tensor, output: Tensor, pass: Pass) => Tensor) | null;
}

/** Keys and values of past tokens, per layer, for generation. */
export interface KeyValueCache {
  /** Tokens held so far. */
  readonly length: number;
  dispose(): void;
}

/** A network with its weights, as every method, objective and the generator see it. */
export interface Model {
  readonly modelType: ModelType;
  readonly head: Head;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  /** Number of blocks one after the other. */
  readonly blocks: number;
  /** Longest input in tokens, beside the virtual ones a method adds. */
  readonly maximumLength: number;
  /** Class names in the order of the logits; empty for heads without classes. */
  readonly labels: readonly string[];
  /** The folder it was loaded from. */
  readonly folder: string;
  /** The checkpoint's config.json as it was read. */
  readonly configJson: Readonly<Record<string, unknown>>;
  /** Its class in transformers, for example `BertForSequenceClassification`. */
  readonly className: string;
  /** Every weight by its name in the checkpoint, tied weights once, in the checkpoint's order. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Linear layers of the body a method can target, by path. The head is not among them. */
  readonly linears: ReadonlyMap<string, Linear>;
  /** Everywhere else a method can step in. */
  readonly hooks: Hooks;
  /** The table that token ids are looked up in `[vocabulary, width]`. */
  readonly wordEmbedding: Parameter;
  /** The table that scores the vocabulary, the same one or another; null for heads that do not. */
  readonly vocabularyTable: Parameter | null;
  /** Names of the parameters of a head that is new for each task, and always trained; empty where the checkpoint's own is used. */
  readonly headNames: readonly string[];
  /** Modules that hold the head's parameters (`classifier`, `bert.pooler`), as an adapter file lists them. */
  readonly headModules: readonly string[];

  /** Whether its tokens keep to their texts where several are packed into one row. */
  readonly canPack: boolean;
  /** The only token of each text that `classify` looks at. */
  readonly classifiedToken: 'first' | 'last';
  /** What a decoder is fed before the answer to a text that an encoder reads; null for models that write on from a text. */
  readonly startToken: number | null;

  /**
   * → hidden states after the last block and final norm `[batch, time, hidden]`; with answers, those of the answers'
   * tokens. Where a whole text is classified, the virtual tokens of a soft prompt stand before each row's own, as
   * `classify` expects it; otherwise they are left out.
   */
  encode(batch: ModelBatch, pass: Pass): Tensor;
  /** → hidden states after the first `blocks` blocks `[batch, time, hidden]`, which `ModelBatch.prefix` takes. */
  encodePrefix(batch: ModelBatch, blocks: number, pass: Pass): Tensor;
  /**
   * Hidden states → class logits `[batch, classes]`, pooled as the checkpoint's class does in transformers.
   * With several soft prompts there is a row for each text and member, one member's after the other's.
   */
  classify(hidden: Tensor, batch: ModelBatch, pass: Pass): Tensor;
  /** Rows of hidden states `[rows, hidden]` → logits of each token's classes `[rows, classes]`, or of span ends `[rows, 2]`. */
  scoreTokens(rows: Tensor, pass: Pass): Tensor;
  /** Rows of hidden states `[rows, hidden]` → vocabulary logits `[rows, vocabulary]`, float32. */
  vocabularyLogits(rows: Tensor, pass: Pass): Tensor;

  /**
   * An empty cache for generation.
   * @param prompts what an encoder reads before its decoder writes; of no use to models without an encoder
   */
  makeCache(prompts?: ModelBatch): KeyValueCache;
  /** Appends tokens to the cache → their hidden states `[batch, time, hidden]`. */
  encodeCached(batch: ModelBatch, cache: KeyValueCache, pass: Pass): Tensor;

  dispose(): void;
}
