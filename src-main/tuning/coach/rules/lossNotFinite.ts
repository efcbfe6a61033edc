import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';
import { slowerRate } from './learningRates.ts';

/** The loss became infinite or NaN: the run was ended before the weights were touched. */
export const lossNotFinite: CoachRule = ({ failureCode, training }) => {
  if (failureCode !== 'run.lossNotFinite') return null;
  const learningRate = slowerRate(training.learningRate);
  return {
    finding: describeProblem('coach.lossNotFinite', {
      learningRate: training.learningRate,
      suggested: learningRate,
    }),
    severity: 'warning',
    step: null,
    changes: [{ training: { learningRate } }],
  };
};
