import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';
import { endLevel, startLevel } from '../curves.ts';

/** Fewer rows of a class may be missed by chance. */
const leastRows = 4;
/** A model that answers right less often than this has more than single classes to learn. */
const leastAccuracy = 0.5;
const namedClasses = 5;

/** A class that occurs in the validation rows and is never the answer, in a model that knows most of the others. */
export const classNeverPredicted: CoachRule = ({ confusion, labels, trainLoss }) => {
  if (confusion === null || endLevel(trainLoss) > startLevel(trainLoss)) return null;
  const rowsOf = (actual: number) => (confusion[actual] ?? []).reduce((sum, count) => sum + count, 0);
  const total = confusion.reduce((sum, _, actual) => sum + rowsOf(actual), 0);
  const right = confusion.reduce((sum, row, actual) => sum + (row[actual] ?? 0), 0);
  if (right < total * leastAccuracy) return null;
  const missed = confusion.flatMap((_, label) => {
    const isPredicted = confusion.some((row) => (row[label] ?? 0) > 0);
    return !isPredicted && rowsOf(label) >= leastRows ? [label] : [];
  });
  if (missed.length === 0) return null;
  const names = missed.slice(0, namedClasses).map((label) => labels[label] ?? String(label));
  return {
    finding: describeProblem('coach.classNeverPredicted', {
      count: missed.length,
      names: names.join(', ') + (missed.length > namedClasses ? ', …' : ''),
      rows: missed.reduce((sum, label) => sum + rowsOf(label), 0),
    }),
    severity: 'warning',
    step: null,
    changes: [],
  };
};
