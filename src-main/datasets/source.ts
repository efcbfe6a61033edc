import type { Split } from '../contract/datasets.ts';

/** A file handed in from outside. `open` may be called several times, each from the start. */
export interface DatasetSource {
  /** File name: a hint of the format, and what messages call the file. */
  readonly name: string;
  /** The split of every row of this file, where that is known. */
  readonly split?: Split;
  open(): AsyncIterable<Uint8Array>;
}

/** Longer lines are refused: they are nearly always a missing line break, and no model reads them. */
export const maximumLineBytes = 8 * 1024 * 1024;
export const maximumColumns = 1000;
/** Problems of rows are counted in full and listed up to this many. */
export const listedProblems = 20;
