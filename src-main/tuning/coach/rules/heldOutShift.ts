import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';

/** How many times as many new tokens a held-out part must have as unseen training rows … */
const timesMore = 1.5;
/** … and by how large a share of all its tokens. */
const shareMore = 0.05;

const parts = [
  { split: 'validation', metric: 'newTokensValidation' },
  { split: 'test', metric: 'newTokensTest' },
] as const;

function percent(share: number): number {
  return Math.round(share * 100);
}

/** Rows that were held out are of another kind than those to learn from: their words are others. */
export const heldOutShift: CoachRule = ({ texts }) => {
  const usual = texts['newTokens'];
  if (usual === undefined) return null;
  for (const { split, metric } of parts) {
    const share = texts[metric] ?? 0;
    if (share < usual * timesMore || share < usual + shareMore) continue;
    return {
      finding: describeProblem('coach.heldOutShift', {
        split,
        share: percent(share),
        usual: percent(usual),
      }),
      severity: 'notice',
      step: null,
      changes: [],
    };
  }
  return null;
};
