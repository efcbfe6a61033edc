import type { Split } from '../../contract/datasets.ts';

/** One line of a training job's data file. */
export interface DataRow {
  readonly split: Split;
  readonly text: string;
  readonly textPair?: string;
  readonly label?: string;
  readonly prompt?: string;
  readonly completion?: string;
}

/** A row as the model sees it. */
export interface Example {
  readonly ids: readonly number[];
  /** Which of two texts each token belongs to; null when there is only one. */
  readonly typeIds: readonly number[] | null;
  /** The class number, or for causal language models one token id per position with `unlabelled` where none counts. */
  readonly target: number | readonly number[];
}

/** Marks a position whose prediction does not count. */
export const unlabelled = -100;
