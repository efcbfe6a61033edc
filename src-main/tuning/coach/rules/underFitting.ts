import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';

const leastEvaluations = 4;
/** Share of everything gained so far that the last quarter of the run still brought. */
const stillGaining = 0.15;
/** A fall smaller than this share of the first value is a matter of the rate, not of the length. */
const leastFall = 0.08;

/** The validation loss was still falling fast when the run ended. */
export const underFitting: CoachRule = ({ validationLoss, training, finished, failureCode }) => {
  if (!finished || failureCode !== null || validationLoss.length < leastEvaluations) return null;
  const [first] = validationLoss;
  const last = validationLoss.at(-1);
  const quarter = validationLoss.at(-1 - Math.max(1, Math.floor(validationLoss.length / 4)));
  if (first === undefined || last === undefined || quarter === undefined) return null;
  const gained = first.value - last.value;
  if (gained < first.value * leastFall) return null;
  if (quarter.value - last.value < gained * stillGaining) return null;
  const epochs = training.epochs * 2;
  return {
    finding: describeProblem('coach.underFitting', {
      before: quarter.value.toFixed(3),
      last: last.value.toFixed(3),
      epochs,
    }),
    severity: 'notice',
    step: last.step,
    changes: [{ training: { epochs } }],
  };
};
