import { expect, test } from 'vitest';
import {
  cohenKappa,
  fleissKappa,
  krippendorffAlpha,
  rawAgreement,
} from '../../../src-main/datasets/agreement/agreement.ts';

const repeat = (count: number, label: string) => Array<string>(count).fill(label);

test('two readers of 50 grant proposals agree at kappa 0.4', () => {
  const one = [...repeat(25, 'yes'), ...repeat(25, 'no')];
  const other = [...repeat(20, 'yes'), ...repeat(5, 'no'), ...repeat(10, 'yes'), ...repeat(15, 'no')];
  expect(rawAgreement(one, other)).toBeCloseTo(0.7, 12);
  expect(cohenKappa(one, other)).toBeCloseTo(0.4, 12);
});

test('fourteen psychiatrists on ten subjects agree at kappa 0.210', () => {
  const counts = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
  ];
  const ratings = counts.map((row) => row.flatMap((count, label) => repeat(count, String(label))));
  expect(fleissKappa(ratings)).toBeCloseTo(0.20993, 5);
  expect(fleissKappa([['a', 'a'], ['a']])).toBeNaN();
});

test("Krippendorff's example with four observers and missing data", () => {
  const observers = [
    '123321412...',
    '12332241 25.3'.replace(' ', ''),
    '.3332342251.',
    '1233244 12 51.'.replaceAll(' ', ''),
  ];
  const units = Array.from({ length: 12 }, (_, unit) =>
    observers.map((values) => values[unit] ?? '.').filter((value) => value !== '.'),
  );
  expect(krippendorffAlpha(units)).toBeCloseTo(0.743, 3);
  expect(krippendorffAlpha(units, 'ordinal')).toBeCloseTo(0.815, 3);
  expect(krippendorffAlpha(units, 'interval')).toBeCloseTo(0.849, 3);
});

test('perfect agreement is 1 by every measure, also on a single label', () => {
  for (const labels of [
    ['a', 'b', 'a'],
    ['a', 'a'],
  ]) {
    const pairs = labels.map((label) => [label, label]);
    expect([cohenKappa(labels, labels), fleissKappa(pairs), krippendorffAlpha(pairs)]).toEqual([1, 1, 1]);
  }
});
