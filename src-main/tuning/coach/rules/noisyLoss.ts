import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';
import { median, smooth } from '../curves.ts';

const leastSteps = 40;
/** Typical distance of a step's loss from its neighbours, as a share of them. */
const rough = 0.5;
/** Batches from here on average out by themselves. */
const enoughRows = 8;

/** Each step says something else because it sees too few rows. */
export const noisyLoss: CoachRule = ({ trainLoss, training, failureCode }) => {
  const rows = training.batchSize * training.accumulation;
  if (failureCode !== null || trainLoss.length < leastSteps || rows >= enoughRows) return null;
  const smoothed = smooth(trainLoss, 5);
  const distances = trainLoss.map(({ value }, index) => {
    const around = smoothed[index]?.value ?? value;
    return Math.abs(value - around) / Math.max(around, 1e-6);
  });
  if (median(distances) < rough) return null;
  const accumulation = Math.ceil(16 / training.batchSize);
  return {
    finding: describeProblem('coach.noisyLoss', {
      rows,
      accumulation,
      suggested: accumulation * training.batchSize,
    }),
    severity: 'notice',
    step: null,
    change: { accumulation },
  };
};
