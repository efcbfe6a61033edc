import type { Head, ModelType } from '../../contract/methods.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import type { DecoderCache } from './decoderCache.ts';
import type { ConfigReader } from './configReader.ts';
import type { ModelLayout } from './layout.ts';
import type { ModelBatch, Pass } from './model.ts';
import type { Weights } from './weights.ts';

/** Blocks `from` up to, not including, `to`. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
}

/** The half of an encoder–decoder that writes. */
export interface AnswerDecoder {
  readonly startToken: number;
  /** Hidden states of texts `[batch, time, hidden]` → those of the batch's answers `[batch, answerTime, hidden]`. */
  decode(encoded: Tensor, batch: ModelBatch, pass: Pass): Tensor;
  /** What generating answers to these texts begins with. */
  remember(encoded: Tensor, batch: ModelBatch, pass: Pass): DecoderCache;
}

/** The computation of one model on its weights; shapes as in model.ts. */
export interface Network {
  /** → hidden states before the first block. */
  embed(batch: ModelBatch, pass: Pass): Tensor;
  /** Hidden states before block `from` → those before block `to`; disposes `hidden` unless nothing lies between. */
  runBlocks(hidden: Tensor, batch: ModelBatch, pass: Pass, range: BlockRange): Tensor;
  /** What follows the last block and belongs to no head: a final norm, a projection. */
  finish?(hidden: Tensor, pass: Pass): Tensor;
  readonly classifiedToken: 'first' | 'last';
  /** Whether it handles packed batches. */
  readonly canPack?: boolean;
  /** What the head computes; each head has one of these three. */
  classify?(hidden: Tensor, batch: ModelBatch, pass: Pass): Tensor;
  scoreTokens?(rows: Tensor, pass: Pass): Tensor;
  vocabularyLogits?(rows: Tensor, pass: Pass): Tensor;
  /** Encoder–decoders only. */
  readonly decoder?: AnswerDecoder;
  /** Decoders without an encoder only. */
  makeCache?(): DecoderCache;
  /** All that write. */
  encodeCached?(batch: ModelBatch, cache: DecoderCache, pass: Pass): Tensor;
}

/** A model as its config.json describes it. */
export interface Blueprint {
  readonly hiddenSize: number;
  readonly layers: number;
  readonly vocabularySize: number;
  readonly maximumLength: number;
  /** Standard deviation of newly started weights. */
  readonly initializerRange: number;
  layout(head: Head, labelCount: number): ModelLayout;
  network(weights: Weights, backend: Backend, head: Head): Network;
}

/** One `model_type`: how to read its config.json, and what its checkpoints are called. */
export interface Architecture {
  readonly modelType: ModelType;
  /** Name of the body inside a model with a head; checkpoints of the body alone leave it out. */
  readonly prefix: string;
  /** Weights that checkpoints keep under another name than transformers' class has for them. */
  readonly storedNames?: Readonly<Record<string, string>>;
  /** Its class in transformers with each head it can have. */
  readonly classNames: Partial<Readonly<Record<Head, string>>>;
  read(config: ConfigReader): Blueprint;
}
