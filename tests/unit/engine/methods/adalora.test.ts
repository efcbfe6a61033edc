import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../../../src-main/contract/options.ts';
import { adalora } from '../../../../src-main/engine/methods/adalora/attach.ts';
import { chooseRanks } from '../../../../src-main/engine/methods/adalora/importance.ts';
import { budgetAt, isPruned, planPhases } from '../../../../src-main/engine/methods/adalora/schedule.ts';
import { describeConfig } from '../../../../src-main/engine/models/description.ts';
import { outlineFromConfig } from '../../../../src-main/engine/models/outline.ts';

const outline = (config: object) =>
  outlineFromConfig(describeConfig({ ...config }, 'config.json', 'folder'), 'causalLm', 0);
const llama = outline({ model_type: 'llama' });
const optionsOf = (options: object) => checkOptions(adalora.spec.options, { ...options }, '').values;

describe('the budget of ranks', () => {
  const phases = { totalSteps: 20, initialSteps: 3, finalSteps: 5, everySteps: 2 };
  const steps = Array.from({ length: 20 }, (_, index) => index + 1);

  it('falls as PEFT’s', () => {
    const budgets = steps.map((step) => budgetAt(step, phases, { initial: 24, target: 12 }));
    expect(budgets).toEqual([24, 24, 24, 21, 18, 17, 15, 14, 13, ...Array<number>(11).fill(12)]);
  });

  it('is enforced now and then, and for good at the end', () => {
    expect(steps.filter((step) => isPruned(step, phases))).toEqual([4, 6, 8, 10, 12, 14, 15]);
  });

  it('is planned from shares of the run, which leave time to prune in', () => {
    const shares = { initialShare: 0.1, finalShare: 0.5, everySteps: 10 };
    expect(planPhases({ totalSteps: 99 }, shares)).toEqual({
      totalSteps: 99,
      initialSteps: 9,
      finalSteps: 49,
      everySteps: 10,
    });
    expect(planPhases({ totalSteps: 1 }, shares)).toMatchObject({ initialSteps: 0, finalSteps: 0 });
  });
});

describe('the choice of ranks', () => {
  const scores = [Float32Array.of(5, 1, 3), Float32Array.of(2, 4, 0)];

  it('takes the best over all layers', () => {
    expect(chooseRanks(scores, 3)).toEqual([
      [true, false, true],
      [false, true, false],
    ]);
    expect(chooseRanks(scores, 1)).toEqual([
      [true, false, false],
      [false, false, false],
    ]);
  });

  it('leaves everything where the budget is whole', () => {
    expect(chooseRanks(scores, 6).flat()).toEqual(Array<boolean>(6).fill(true));
  });

  it('lets go of all that are as bad as the best that must go', () => {
    expect(chooseRanks([Float32Array.of(1, 1, 2)], 2)).toEqual([[false, false, true]]);
  });
});

describe('options', () => {
  it('are counted at the rank of the start', () => {
    expect(adalora.count(llama, optionsOf({}))).toEqual({ own: 0, added: 64 * 12 * (2 * 4096 + 1) });
  });

  it('that cannot be are refused together', () => {
    const options = optionsOf({ initialRank: 6000, targetRank: 7000, initialShare: 0.5, finalShare: 0.5 });
    const problems = adalora.check(llama, options).map(({ code, path }) => [code, path]);
    expect(problems).toEqual([
      // Of query and of value.
      ['method.rankTooLarge', 'initialRank'],
      ['method.rankTooLarge', 'initialRank'],
      ['method.rankGrows', 'targetRank'],
      ['method.noTimeToPrune', 'finalShare'],
    ]);
  });
});
