import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Split } from '../../../src-main/contract/datasets.ts';
import { createSplitter, drawUniform, readSplitName } from '../../../src-main/datasets/splits.ts';

const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 });
const share = fc.double({ min: 0, max: 0.49, noNaN: true });

/** Deals rows that come label after label in turns, and counts what each label got. */
function dealAll(
  rowsByLabel: ReadonlyMap<string, number>,
  shares: { validation: number; test: number },
  seed: number,
) {
  const splitter = createSplitter(rowsByLabel, shares, seed);
  const left = new Map(rowsByLabel);
  const counts = new Map(
    [...rowsByLabel.keys()].map((label) => [label, { train: 0, validation: 0, test: 0 }]),
  );
  const order: Split[] = [];
  while (left.size > 0) {
    for (const [label, count] of left) {
      const split = splitter.decide(label);
      const entry = counts.get(label);
      if (entry) entry[split]++;
      order.push(split);
      if (count === 1) left.delete(label);
      else left.set(label, count - 1);
    }
  }
  return { counts: [...counts.values()], dealt: splitter.dealt, order };
}

test('every label has its share in every split, to within one row, and every label stays in train', () => {
  fc.assert(
    fc.property(sizes, share, share, fc.integer(), (labelSizes, validation, test, seed) => {
      const rowsByLabel = new Map(labelSizes.map((rows, index) => [`label ${index}`, rows]));
      const { counts, dealt } = dealAll(rowsByLabel, { validation, test }, seed);
      const total = { train: 0, validation: 0, test: 0 };
      counts.forEach((count, index) => {
        const rows = labelSizes[index] ?? 0;
        expect(count.train).toBeGreaterThan(0);
        expect(count.validation).toBeLessThanOrEqual(Math.ceil(rows * validation));
        expect(count.test).toBeLessThanOrEqual(Math.ceil(rows * test));
        if (rows * (1 - validation - test) >= 3) {
          expect(count.validation).toBeGreaterThanOrEqual(Math.floor(rows * validation));
          expect(count.test).toBeGreaterThanOrEqual(Math.floor(rows * test));
        }
        for (const split of ['train', 'validation', 'test'] as const) total[split] += count[split];
      });
      expect(total).toEqual(dealt);
      const rows = labelSizes.reduce((sum, size) => sum + size, 0);
      expect(dealt.validation).toBeLessThanOrEqual(Math.round(rows * validation));
      if (labelSizes.every((size) => size >= 20))
        expect(dealt.validation).toBe(Math.round(rows * validation));
    }),
  );
});

test('the place of a row does not decide its split', () => {
  // Over many seeds, the first and the last of ten rows must be drawn for validation equally often.
  const hits = Array<number>(10).fill(0);
  const seeds = 4000;
  for (let seed = 0; seed < seeds; seed++) {
    const { order } = dealAll(new Map([['x', 10]]), { validation: 0.3, test: 0 }, seed);
    order.forEach((split, place) => {
      if (split === 'validation') hits[place] = (hits[place] ?? 0) + 1;
    });
  }
  for (const hit of hits) expect(Math.abs(hit / seeds - 0.3)).toBeLessThan(0.035);
});

test('draws are even and do not repeat across seeds, streams and counters', () => {
  const buckets = Array<number>(16).fill(0);
  const seen = new Set<number>();
  let sum = 0;
  const count = 48_000;
  for (let index = 0; index < count; index++) {
    const value = drawUniform(index % 3, Math.floor(index / 3) % 4, Math.floor(index / 12));
    seen.add(value);
    sum += value;
    const bucket = Math.floor(value * 16);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  expect(Math.abs(sum / count - 0.5)).toBeLessThan(0.01);
  for (const filled of buckets) expect(Math.abs(filled / count - 1 / 16)).toBeLessThan(0.006);
  expect(seen.size).toBeGreaterThan(count - 20);
});

test('splits stay what they are from version to version', () => {
  const { order } = dealAll(
    new Map([
      ['a', 8],
      ['나', 8],
    ]),
    { validation: 0.25, test: 0.25 },
    42,
  );
  const letters = { train: '-', validation: 'v', test: 't' } as const;
  expect(order.map((split) => letters[split]).join('')).toBe('--v--tv--v-vt-tt');
});

test.each([
  ['train', 'train'],
  [' Training ', 'train'],
  ['VAL', 'validation'],
  ['dev', 'validation'],
  ['검증', 'validation'],
  ['테스트', 'test'],
  ['toString', undefined],
  ['', undefined],
  ['trainer', undefined],
])('%j means %s', (text, split) => {
  expect(readSplitName(text)).toBe(split);
});
