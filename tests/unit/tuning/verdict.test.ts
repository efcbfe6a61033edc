import { describe, expect, it } from 'vitest';
import { sameText } from '../../../src-main/contract/text.ts';
import { judge, rank } from '../../../src-main/tuning/index.ts';

const accuracy = { name: 'test.accuracy', better: 'higher' } as const;
const contender = (name: string, values: number[], trainableParameters: number | null = 100) => ({
  name: sameText(name),
  values,
  trainableParameters,
});
const through = { runs: 8, finishedRuns: 8 };

describe('a verdict on methods', () => {
  it('waits for results', () => {
    expect(judge([contender('A', [])], null, { runs: 2, finishedRuns: 0 }).code).toBe('bakeOff.waiting');
    expect(judge([contender('A', [0.9]), contender('B', [])], accuracy, through).code).toBe(
      'bakeOff.oneMethod',
    );
  });

  it('does not trust one seed', () => {
    const found = judge([contender('A', [0.9]), contender('B', [0.5])], accuracy, through);
    expect(found.code).toBe('bakeOff.oneSeed');
    expect(found.params).toMatchObject({
      leader: sameText('A'),
      second: sameText('B'),
      mean: '90.0%',
      gap: '40.0%',
    });
  });

  it('names a winner when the permutation test finds chance unlikely', () => {
    const entries = [contender('A', [0.8, 0.81, 0.82, 0.83]), contender('B', [0.9, 0.91, 0.92, 0.93])];
    const found = judge(entries, accuracy, through);
    expect(found.code).toBe('bakeOff.winner');
    // Two of the 70 ways to deal eight values into two halves are this far apart.
    expect(found.params).toMatchObject({
      leader: sameText('B'),
      second: sameText('A'),
      seeds: 4,
      percent: '2.9%',
    });
  });

  it('goes by the spread where seeds are too few for the test', () => {
    const far = [contender('A', [0.8, 0.81, 0.82]), contender('B', [0.9, 0.91, 0.92])];
    expect(judge(far, accuracy, through).code).toBe('bakeOff.winnerBySpread');
    const near = [contender('A', [0.89, 0.9, 0.905]), contender('B', [0.9, 0.91, 0.92])];
    expect(judge(near, accuracy, through).code).toBe('bakeOff.noWinner');
  });

  it('has no winner within the spread, and names the cheapest of those in front', () => {
    const entries = [
      contender('A', [0.8, 0.9, 0.85, 0.87], 5000),
      contender('B', [0.81, 0.89, 0.86, 0.84], 20),
      contender('C', [0.1, 0.12, 0.11, 0.13], 1),
    ];
    const found = judge(entries, accuracy, through);
    expect(found.code).toBe('bakeOff.noWinner');
    expect(found.params).toMatchObject({
      leader: sameText('A'),
      others: sameText('B'),
      cheapest: sameText('B'),
      parameters: '20',
    });
  });

  it('knows that a loss is better when lower', () => {
    const loss = { name: 'test.loss', better: 'lower' } as const;
    const entries = [contender('A', [2, 2.1, 2.2, 2.3]), contender('B', [1, 1.1, 1.2, 1.3])];
    expect(rank(entries, loss).map(({ name }) => name)).toEqual([sameText('B'), sameText('A')]);
    expect(judge(entries, loss, through).params).toMatchObject({ leader: sameText('B'), gap: '1' });
  });
});
