import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';
import { endLevel, smooth, startLevel } from '../curves.ts';
import { fasterRate } from './learningRates.ts';

const leastSteps = 30;
/** Share of its first value by which the loss must have fallen for the rate to be of use. */
const leastFall = 0.05;

/** After many steps the training loss is where it began, and never jumped either. */
export const rateTooLow: CoachRule = ({ trainLoss, training, failureCode, finished }) => {
  if (failureCode !== null || trainLoss.length < leastSteps || !finished) return null;
  const start = startLevel(trainLoss);
  const end = endLevel(trainLoss);
  const highest = Math.max(...smooth(trainLoss, 3).map(({ value }) => value));
  if (end < start * (1 - leastFall) || highest > start * 1.1) return null;
  const learningRate = fasterRate(training.learningRate);
  return {
    finding: describeProblem('coach.rateTooLow', {
      learningRate: training.learningRate,
      steps: trainLoss.length,
      start: start.toFixed(3),
      end: end.toFixed(3),
      suggested: learningRate,
    }),
    severity: 'warning',
    step: null,
    changes: [{ training: { learningRate } }],
  };
};
