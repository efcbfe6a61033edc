import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';
import { smooth, startLevel } from '../curves.ts';

const leastSteps = 40;
/** Mean distance of a step's loss from its neighbours, as a share of where the loss began. */
const rough = 0.1;
/** Batches from here on average out by themselves. */
const enoughRows = 8;

/** Each step says something else because it sees too few rows. */
export const noisyLoss: CoachRule = ({ trainLoss, training, failureCode }) => {
  const rows = training.batchSize * training.accumulation;
  if (failureCode !== null || trainLoss.length < leastSteps || rows >= enoughRows) return null;
  const smoothed = smooth(trainLoss, 5);
  const distance = trainLoss.reduce(
    (sum, { value }, index) => sum + Math.abs(value - (smoothed[index]?.value ?? value)),
    0,
  );
  if (distance / trainLoss.length < startLevel(trainLoss) * rough) return null;
  const accumulation = Math.ceil(16 / training.batchSize);
  return {
    finding: describeProblem('coach.noisyLoss', {
      rows,
      accumulation,
      suggested: accumulation * training.batchSize,
    }),
    severity: 'notice',
    step: null,
    changes: [{ training: { accumulation } }],
  };
};
