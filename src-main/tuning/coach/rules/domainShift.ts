import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';

/** By how many nats a token the training texts must be more surprising than the watched ones: a seventh as likely. */
const natsWorse = 2;
/** Of all tokens, the share that the vocabulary lacks from which it does not fit the texts. */
const unknownShare = 0.01;

/** The texts to learn from are foreign to the base model, which it knew before anything was trained. */
export const domainShift: CoachRule = ({ texts, watch, plainTextTask, readsPlainText }) => {
  const own = texts['loss'];
  const [first] = watch?.points ?? [];
  if (own === undefined || watch?.better !== 'lower' || first?.step !== 0) return null;
  // Reading them is the remedy: then there is nothing to say.
  if (readsPlainText || own < first.value + natsWorse) return null;
  return {
    finding: describeProblem('coach.domainShift', {
      own: own.toFixed(2),
      watched: first.value.toFixed(2),
    }),
    severity: 'notice',
    step: null,
    changes: plainTextTask === null ? [] : [{ task: plainTextTask }],
  };
};

/** The base model's vocabulary was not made for these texts. */
export const unknownTokens: CoachRule = ({ texts }) => {
  const share = texts['unknownShare'] ?? 0;
  if (share < unknownShare) return null;
  return {
    finding: describeProblem('coach.unknownTokens', { percent: Math.round(share * 1000) / 10 }),
    severity: 'warning',
    step: null,
    changes: [],
  };
};
