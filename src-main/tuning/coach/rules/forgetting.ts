import { describeProblem } from '../../../contract/errors/index.ts';
import type { AdviceChange } from '../../../contract/coach.ts';
import type { CoachRule } from '../advice.ts';
import type { RunEvidence } from '../evidence.ts';
import { slowerRate } from './learningRates.ts';

/** A loss this much higher, in nats, makes the texts a tenth less likely token by token. */
const lossRisen = 0.1;
/** … and this share of itself, where it was high before. */
const shareRisen = 0.05;
/** Share of the right answers that is lost. */
const answersLost = 0.05;

/** What usually helps, the surest first. */
function remedies({ training, method }: RunEvidence): AdviceChange[] {
  const slower: AdviceChange = { training: { learningRate: slowerRate(training.learningRate) } };
  return method.changesModel ? [{ methodId: 'lora' }, slower] : [slower];
}

/**
 * Texts that are not trained on are known less well than before: what was learned has cost something
 * (https://doi.org/10.1016/S0079-7421(08)60536-8).
 */
export const forgetting: CoachRule = (evidence) => {
  const { watch, training } = evidence;
  const [first] = watch?.points ?? [];
  if (watch === null || first?.step !== 0) return null;
  const before = first.value;
  const { now, metric } = watch;
  const rates = { rate: training.learningRate, learningRate: slowerRate(training.learningRate) };
  const common = { severity: 'warning', step: null, changes: remedies(evidence) } as const;
  if (watch.better === 'lower') {
    if (now - before < Math.max(lossRisen, before * shareRisen)) return null;
    return {
      ...common,
      finding: describeProblem('coach.forgetting', {
        before: before.toFixed(2),
        after: now.toFixed(2),
        perplexityBefore: Math.exp(before).toPrecision(3),
        perplexityAfter: Math.exp(now).toPrecision(3),
        ...rates,
      }),
    };
  }
  const lost = (before - now) / before;
  if (!(lost >= answersLost)) return null;
  return {
    ...common,
    finding: describeProblem('coach.forgettingTask', {
      metric,
      before: before.toFixed(2),
      after: now.toFixed(2),
      lost: Math.round(lost * 100),
      ...rates,
    }),
  };
};
