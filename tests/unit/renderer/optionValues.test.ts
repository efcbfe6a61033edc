import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeProblem } from '../../../src-main/contract/errors/index.ts';
import { defineOptions } from '../../../src-main/contract/options.ts';
import {
  keepApplying,
  nextValue,
  optionApplies,
  parseIntegers,
  parseNumber,
  parseNumberMap,
  problemsAt,
  textOfValue,
  visibleOptions,
} from '../../../src-renderer/features/train/optionValues.ts';

const text = { label: { en: 'x', ko: 'x' }, help: { en: 'x', ko: 'x' } };
const specs = defineOptions({
  schedule: {
    type: 'choice',
    default: 'linear',
    choices: [
      { value: 'linear', label: text.label },
      { value: 'constant', label: text.label },
    ],
    ...text,
  },
  warmup: { type: 'number', default: 0.06, appliesWhen: { option: 'schedule', oneOf: ['linear'] }, ...text },
  shape: { type: 'number', default: 1, appliesWhen: { option: 'warmup', oneOf: [0.1] }, ...text },
  seed: { type: 'integer', default: 0, advanced: true, ...text },
});

describe('which options apply', () => {
  test('a condition on the default holds until the other option changes', () => {
    expect(optionApplies('warmup', specs, {})).toBe(true);
    expect(optionApplies('warmup', specs, { schedule: 'constant' })).toBe(false);
  });

  test('an option that hangs on a hidden one is hidden', () => {
    expect(optionApplies('shape', specs, { warmup: 0.1 })).toBe(true);
    expect(optionApplies('shape', specs, { warmup: 0.1, schedule: 'constant' })).toBe(false);
  });

  test('basic and advanced are apart', () => {
    const { basic, advanced } = visibleOptions(specs, {});
    expect(basic.map(({ name }) => name)).toEqual(['schedule', 'warmup']);
    expect(advanced.map(({ name }) => name)).toEqual(['seed']);
  });

  test('what does not apply is not sent', () => {
    expect(keepApplying(specs, { schedule: 'constant', warmup: 0.1, foreign: 1, seed: 3 })).toEqual({
      schedule: 'constant',
      seed: 3,
    });
  });
});

describe('typing', () => {
  test('numbers in every spelling; nonsense stays as typed, so that the check can name it', () => {
    expect(parseNumber(' 2e-3 ')).toBe(0.002);
    expect(parseNumber('0,5')).toBe(0.5);
    expect(parseNumber('')).toBeUndefined();
    expect(parseNumber('fast')).toBe('fast');
    expect(parseNumber('NaN')).toBe('NaN');
  });

  test('lists and tables', () => {
    expect(parseIntegers('1, 2  3')).toEqual([1, 2, 3]);
    expect(parseIntegers('1, x')).toBe('1, x');
    expect(parseNumberMap('query: 8\nvalue = 4')).toEqual({ query: 8, value: 4 });
    expect(parseNumberMap('query')).toBe('query');
  });

  test('a table survives being written and read', () => {
    const names = fc.stringMatching(/^[a-z][a-z.]{0,8}$/);
    fc.assert(
      fc.property(fc.dictionary(names, fc.integer()), (table) => {
        expect(parseNumberMap(textOfValue(table))).toEqual({ ...table });
      }),
    );
  });
});

describe('stepping a number', () => {
  const rate = { type: 'number', default: 2e-4, above: 0, maximum: 1, scale: 'log', ...text } as const;

  test.each([
    [2e-4, 1, 5e-4],
    [5e-4, 1, 1e-3],
    [1e-3, -1, 5e-4],
    [3e-4, 1, 5e-4],
    [3e-4, -1, 2e-4],
    [1, 1, 1],
  ] as const)('log scale from %f', (value, direction, expected) => {
    expect(nextValue(rate, value, direction)).toBe(expected);
  });

  test('up and down again comes back to a round value', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 5), fc.integer({ min: -7, max: -1 }), (digit, power) => {
        const value = Number(`${digit}e${power}`);
        expect(nextValue(rate, nextValue(rate, value, 1), -1)).toBe(value);
      }),
    );
  });

  test('stays inside its range', () => {
    const rank = { type: 'integer', default: 8, minimum: 1, maximum: 9, ...text } as const;
    expect(nextValue(rank, 1, -1)).toBe(1);
    expect(nextValue(rank, 9, 1)).toBe(9);
    const decay = { type: 'number', default: 0, minimum: 0, ...text } as const;
    expect(nextValue(decay, 0, -1)).toBe(0);
    const dropout = { type: 'number', default: 0.1, above: 0, maximum: 1, ...text } as const;
    expect(nextValue(dropout, 0.01, -1)).toBeGreaterThan(0);
  });
});

test('a problem is shown at its own field only', () => {
  const params = { name: 'rank', value: 0, range: '≥ 1', default: 8 };
  const problem = describeProblem('option.outOfRange', params, 'method.options.rank');
  expect(problemsAt([problem], ['method.options.rank'])).toEqual([problem]);
  expect(problemsAt([problem], ['training.rank'])).toEqual([]);
});
