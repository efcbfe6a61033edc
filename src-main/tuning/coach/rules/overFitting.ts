import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';
import { lowest, smooth, startLevel } from '../curves.ts';

/** The validation loss must have risen by this share of its best for long enough to be no accident. */
const risen = 0.1;
const leastEvaluations = 3;
/** … and by this share of everything gained before, so that trifles near zero do not count … */
const givenBack = 0.05;
/** … while the training loss went on falling by at least this share. */
const fallen = 0.1;

/** Validation gets worse while training gets better: the rows are being learned by heart. */
export const overFitting: CoachRule = ({ trainLoss, validationLoss, stepsPerEpoch }) => {
  const best = lowest(validationLoss);
  const last = validationLoss.at(-1);
  if (best === undefined || last === undefined) return null;
  const since = validationLoss.filter(({ step }) => step > best.step);
  // Validation is measured for the first time when much may have been learned already.
  const gained = Math.max(startLevel(trainLoss), validationLoss[0]?.value ?? 0) - best.value;
  const back = last.value - best.value;
  if (since.length < leastEvaluations || back < best.value * risen || back < gained * givenBack) return null;
  const training = smooth(trainLoss, 5);
  const atBest = training.findLast(({ step }) => step <= best.step);
  const now = training.at(-1);
  if (atBest === undefined || now === undefined || now.value > atBest.value * (1 - fallen)) return null;
  const epochs = Math.max(1, Math.round((best.step / stepsPerEpoch) * 10) / 10);
  return {
    finding: describeProblem('coach.overFitting', {
      step: best.step,
      best: best.value.toFixed(3),
      last: last.value.toFixed(3),
      epochs,
    }),
    severity: 'warning',
    step: best.step,
    changes: [{ training: { epochs, earlyStoppingPatience: 3 } }],
  };
};
