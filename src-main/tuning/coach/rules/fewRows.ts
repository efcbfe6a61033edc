import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';

/** Rows a class from which fine-tuning usually has something to generalise from. */
const leastRowsPerClass = 16;

/** Too few rows for the number of classes, whatever the curves look like. */
export const fewRows: CoachRule = ({ trainRows, labels }) => {
  if (trainRows === null || trainRows >= labels.length * leastRowsPerClass) return null;
  return {
    finding: describeProblem('coach.fewRows', {
      rows: trainRows,
      classes: labels.length,
      wanted: labels.length * leastRowsPerClass,
    }),
    severity: 'notice',
    step: null,
    changes: [],
  };
};
