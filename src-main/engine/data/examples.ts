import type { Split } from '../../contract/datasets.ts';
import type { RowContent } from '../../contract/methods.ts';

/** One line of a training job's data file. */
export interface DataRow extends RowContent {
  readonly split: Split;
  readonly text: string;
}

/** A row, or a part of it, as the model sees it. */
export interface Example {
  readonly ids: readonly number[];
  /** Which of two texts each token belongs to; null when there is only one. */
  readonly typeIds: readonly number[] | null;
  /** What is right, as its objective understands it: a number, or numbers, for example one per token. */
  readonly target: number | readonly number[];
  /** The other text where a row has two that are read one by one: a pair's second text, the worse of two answers. */
  readonly partner?: Example;
  /** What the model made of it before training, as its objective understands it. */
  readonly reference?: readonly number[];
  /** How much it counts against the others; 1 when left out. */
  readonly weight?: number;
}

/** Tokens a model reads for an example, its partner's among them. */
export function countTokens({ ids, partner }: Example): number {
  return ids.length + (partner?.ids.length ?? 0);
}

/** Marks a position whose prediction does not count. */
export const unlabelled = -100;
