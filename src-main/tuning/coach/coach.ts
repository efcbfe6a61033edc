import type { Advice } from '../../contract/coach.ts';
import type { CoachRule } from './advice.ts';
import type { RunEvidence } from './evidence.ts';
import { classNeverPredicted } from './rules/classNeverPredicted.ts';
import { domainShift, unknownTokens } from './rules/domainShift.ts';
import { fewRows } from './rules/fewRows.ts';
import { forgetting } from './rules/forgetting.ts';
import { heldOutShift } from './rules/heldOutShift.ts';
import { lossNotFinite } from './rules/lossNotFinite.ts';
import { noisyLoss } from './rules/noisyLoss.ts';
import { overFitting } from './rules/overFitting.ts';
import { plateau } from './rules/plateau.ts';
import { rateTooHigh } from './rules/rateTooHigh.ts';
import { rateTooLow } from './rules/rateTooLow.ts';
import { underFitting } from './rules/underFitting.ts';

/** A wrong rate shapes the whole curve: while it is wrong, nothing else read from the curve means anything. */
const ratesFirst: readonly CoachRule[] = [lossNotFinite, rateTooHigh, rateTooLow];
const others: readonly CoachRule[] = [
  forgetting,
  overFitting,
  underFitting,
  plateau,
  noisyLoss,
  classNeverPredicted,
  unknownTokens,
  domainShift,
  heldOutShift,
  fewRows,
];

/** Everything there is to say about a run, the most important first; empty where its curves look healthy. */
export function adviseOnRun(evidence: RunEvidence): Advice[] {
  for (const rule of ratesFirst) {
    const advice = rule(evidence);
    if (advice !== null) return [advice];
  }
  return others.flatMap((rule) => rule(evidence) ?? []);
}
