import { describe, expect, it } from 'vitest';
import { planPasses } from '../../../../src-main/engine/data/batching.ts';

const tokensOf = (group: readonly number[], lengths: readonly number[]) =>
  group.reduce((sum, index) => sum + (lengths[index] ?? 0), 0);
const paddedOf = (group: readonly number[], lengths: readonly number[]) =>
  group.length * Math.max(...group.map((index) => lengths[index] ?? 0));

describe('planPasses', () => {
  const lengths = [30, 5, 12, 41, 8, 8, 19, 3, 27, 33];

  it.each([true, false])('packed %s: every example once, within the limit', (packs) => {
    for (const maximumTokens of [1, 20, 45, 100, 186, 1000]) {
      const groups = planPasses(lengths, { maximumTokens, packs });
      expect(groups.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
      const cost = packs ? tokensOf : paddedOf;
      for (const group of groups) {
        if (group.length > 1) expect(cost(group, lengths)).toBeLessThanOrEqual(maximumTokens);
      }
    }
  });

  it('packs into few passes of about the same size', () => {
    expect(planPasses(lengths, { maximumTokens: 186, packs: true })).toHaveLength(1);
    const groups = planPasses(lengths, { maximumTokens: 100, packs: true });
    expect(groups).toHaveLength(2);
    const sizes = groups.map((group) => tokensOf(group, lengths));
    expect(Math.abs((sizes[0] ?? 0) - (sizes[1] ?? 0))).toBeLessThan(10);
  });

  it('takes no and single examples', () => {
    expect(planPasses([], { maximumTokens: 8, packs: true })).toEqual([]);
    expect(planPasses([90], { maximumTokens: 8, packs: true })).toEqual([[0]]);
  });
});
