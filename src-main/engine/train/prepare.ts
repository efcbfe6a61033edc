import type { Split } from '../../contract/datasets.ts';
import { type Problem, TunebenchError, describeProblem } from '../../contract/errors/index.ts';
import type { DataRow, Example } from '../data/examples.ts';
import type { OpenObjective } from '../objectives/objective.ts';
import type { CheckedTraining } from './check.ts';

export interface PreparedData {
  readonly examples: Readonly<Record<Split, readonly Example[]>>;
  /** What a person should know about the rows. */
  readonly notes: readonly Problem[];
}

/**
 * Turns all rows into examples.
 * @throws TunebenchError `run.noUsableRows` when nothing is left to train on
 */
export function prepareData(
  rows: Readonly<Record<Split, readonly DataRow[]>>,
  objective: OpenObjective,
  { objectiveOptions, config }: CheckedTraining,
): PreparedData {
  const prepare = (split: Split) => objective.prepareRows(rows[split]);
  const prepared = { train: prepare('train'), validation: prepare('validation'), test: prepare('test') };
  if (prepared.train.examples.length === 0) {
    throw new TunebenchError('run.noUsableRows', { count: rows.train.length, task: config.task });
  }
  const parts = Object.values(prepared);
  const total = rows.train.length + rows.validation.length + rows.test.length;
  const cut = parts.reduce((sum, part) => sum + part.cut, 0);
  const skipped = parts.reduce((sum, part) => sum + part.skipped, 0);
  const { maximumLength } = objectiveOptions;
  const notes: Problem[] = [];
  if (cut > 0) notes.push(describeProblem('run.rowsCut', { count: cut, total, maximumLength }));
  if (skipped > 0) notes.push(describeProblem('run.rowsSkipped', { count: skipped, total }));
  const { train, validation, test } = prepared;
  return {
    examples: { train: train.examples, validation: validation.examples, test: test.examples },
    notes,
  };
}
