import type { ObjectiveSpec } from '../../contract/methods.ts';
import type { OptionSpecs, OptionValues } from '../../contract/options.ts';
import type { Confusion, Metrics } from '../../contract/runs.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { BatchPlace } from '../data/collate.ts';
import type { DataRow, Example } from '../data/examples.ts';
import type { TextTokenizer } from '../data/tokenizer.ts';
import type { Model, Pass } from '../models/model.ts';

export interface PreparedRows {
  readonly examples: readonly Example[];
  /** Rows that were longer than the limit. */
  readonly cut: number;
  /** Rows without anything to learn from. */
  readonly skipped: number;
}

/** One forward pass over a batch. Tensors belong to the running scope. */
export interface Measured {
  /** Mean over everything that counts in the batch, a scalar. */
  readonly loss: Tensor;
  /** The right class of everything that counts. */
  readonly targets: readonly number[];
  /** The likeliest class of each; an objective that does not report accuracy while training may leave it out then. */
  readonly predictions: (() => ArrayLike<number>) | null;
}

/** Collects an evaluation, batch by batch. */
export interface Score {
  add(loss: number, predictions: ArrayLike<number>, targets: readonly number[]): void;
  finish(): { readonly metrics: Metrics; readonly confusion?: Confusion };
}

/** What a run teaches: how rows become examples, what the loss is, and which numbers tell how well it goes. */
export interface Objective<Specs extends OptionSpecs = OptionSpecs> {
  readonly spec: ObjectiveSpec & { readonly options: Specs };
  /** Whether each training step reports the share of right answers. */
  readonly reportsTrainingAccuracy: boolean;
  /** The labels of a dataset in their order as class numbers; empty where the task has none. */
  collectLabels(rows: Iterable<DataRow>): string[];
  prepareRows(
    rows: readonly DataRow[],
    tokenizer: TextTokenizer,
    labels: readonly string[],
    options: OptionValues<Specs>,
  ): PreparedRows;
  /** What the mean of `measure` is taken over: the batch's weight in a sum of batches. */
  countTargets(examples: readonly Example[]): number;
  measure(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass): Measured;
  startScore(labels: readonly string[]): Score;
}
