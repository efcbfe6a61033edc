import type { DataRow, Example } from '../data/examples.ts';
import type { PreparedRows } from './objective.ts';

/** An example made of a row or of a part of it. */
export interface RowExample {
  readonly example: Example;
  /** Whether the row was longer than the limit; false when left out. */
  readonly truncated?: boolean;
}

/**
 * The examples of rows, with how many rows were cut and how many gave none.
 * @param examplesOf what a row becomes: nothing where there is nothing to learn from
 */
export function gatherExamples(
  rows: readonly DataRow[],
  examplesOf: (row: DataRow) => readonly RowExample[],
): PreparedRows {
  const examples: Example[] = [];
  let [cut, skipped] = [0, 0];
  for (const row of rows) {
    const found = examplesOf(row);
    if (found.length === 0) skipped++;
    if (found.some(({ truncated = false }) => truncated)) cut++;
    for (const { example } of found) examples.push(example);
  }
  return { examples, cut, skipped };
}
