import type { ObjectiveSpec, RowContent } from '../../contract/methods.ts';
import type { OptionSpecs, OptionValues } from '../../contract/options.ts';
import type { Confusion, Metrics } from '../../contract/runs.ts';
import type { Prediction } from '../../contract/worker.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { BatchPlace } from '../data/collate.ts';
import type { DataRow, Example } from '../data/examples.ts';
import type { NamedStream } from '../data/random.ts';
import type { TextTokenizer } from '../data/tokenizer.ts';
import type { Model, Pass } from '../models/model.ts';
import type { Posed } from './posing.ts';

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
  /** Right answers among all, where each training step reports their share; asked for within the same scope. */
  readonly tally?: () => { readonly right: number; readonly total: number };
}

/** Collects an evaluation, batch by batch. */
export interface Score {
  /** Runs a batch; called within a scope and without gradients. */
  take(model: Model, examples: readonly Example[], place: BatchPlace): void;
  finish(): { readonly metrics: Metrics; readonly confusion?: Confusion };
}

/** What an objective is told before it begins. */
export interface ObjectiveSetting<Specs extends OptionSpecs = OptionSpecs> {
  readonly tokenizer: TextTokenizer;
  /** Class names in the order of the logits; empty for tasks without classes. */
  readonly labels: readonly string[];
  readonly options: OptionValues<Specs>;
  /** All rows to learn from, for what depends on the whole of them; empty where a model is tried. */
  readonly trainRows: readonly DataRow[];
}

/** An objective at work: it knows tokenizer, labels and options. */
export interface OpenObjective {
  prepareRows(rows: readonly DataRow[]): PreparedRows;
  /**
   * What a training step is shown in place of an example, drawn anew each time. It keeps the number of tokens.
   * Left out where examples are shown as they are.
   * @param draw a stream of its own for this step and row
   */
  vary?(example: Example, draw: NamedStream): Example;
  /** A batch is never computed in parts: what it teaches depends on which rows meet. */
  readonly keepsBatches?: boolean;
  /**
   * What examples are told of the model as it was before training, as their `reference`: computed once, before a method
   * attaches. Called within a scope and without gradients.
   * @returns numbers for each example
   */
  refer?(model: Model, examples: readonly Example[], place: BatchPlace): (readonly number[])[];
  /** What the mean of `measure` is taken over: the batch's weight in a sum of batches. */
  countTargets(examples: readonly Example[]): number;
  measure(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass): Measured;
  startScore(): Score;
  /** A row as a question to the model while it learns; null where it says too little for that. */
  pose(row: RowContent): Posed | null;
  /**
   * What the model makes of rows without their answers. Objectives whose models write are tried by generating instead.
   * @returns one prediction for each row
   */
  predict?(model: Model, rows: readonly RowContent[], place: BatchPlace): Prediction[];
}

/** What a run teaches: how rows become examples, what the loss is, and which numbers tell how well it goes. */
export interface Objective<Specs extends OptionSpecs = OptionSpecs> {
  readonly spec: ObjectiveSpec & { readonly options: Specs };
  /** Different labels that are needed at least; 0 where the task has none. */
  readonly fewestLabels: number;
  /** The labels of a dataset in their order as class numbers; empty where the task has none. */
  collectLabels(rows: Iterable<DataRow>, options: OptionValues<Specs>): string[];
  /** What config.json of a model trained so says beside its labels. */
  configChanges?(options: OptionValues<Specs>): Readonly<Record<string, unknown>>;
  /** JSON files that other programs want beside a whole model trained so, by name. */
  resultFiles?(model: Model, options: OptionValues<Specs>): Readonly<Record<string, unknown>>;
  open(setting: ObjectiveSetting<Specs>): OpenObjective;
}
