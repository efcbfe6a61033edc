import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';
import { lowest, startLevel } from '../curves.ts';

const leastEvaluations = 8;
/** Share of the run in which the validation loss did not move. */
const idleShare = 0.8;
/** Smaller changes, as a share of everything gained, are standing still. */
const still = 0.02;

/** Most of the run's time brought nothing: validation neither rose nor fell. */
export const plateau: CoachRule = ({ trainLoss, validationLoss, stepsPerEpoch }) => {
  const [first] = validationLoss;
  const last = validationLoss.at(-1);
  const best = lowest(validationLoss);
  if (first === undefined || last === undefined || best === undefined) return null;
  const gained = Math.max(startLevel(trainLoss), first.value) - best.value;
  if (validationLoss.length < leastEvaluations || gained <= 0) return null;
  const settled = validationLoss.findIndex(({ value }) => value <= best.value + gained * still);
  const reached = validationLoss[settled];
  if (reached === undefined || reached.step > last.step * (1 - idleShare)) return null;
  const rest = validationLoss.slice(settled);
  if (rest.some(({ value }) => value > best.value + gained * still * 2)) return null;
  const epochs = Math.max(1, Math.ceil(reached.step / stepsPerEpoch));
  return {
    finding: describeProblem('coach.plateau', {
      step: reached.step,
      value: reached.value.toFixed(3),
      epochs,
    }),
    severity: 'notice',
    step: reached.step,
    changes: [{ training: { epochs, earlyStoppingPatience: 3 } }],
  };
};
