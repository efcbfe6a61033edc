import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findExactDuplicates } from '../../../src-main/datasets/health/exactDuplicates.ts';
import {
  createMinHasher,
  detectionProbability,
  jaccard,
  shinglesOf,
  usualBanding,
} from '../../../src-main/datasets/health/minHash.ts';
import { findNearDuplicates } from '../../../src-main/datasets/health/nearDuplicates.ts';

/** Numbers by chance, the same every time. */
function createDraws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
  };
}

describe('MinHash', () => {
  test('the S-curve is the published one', () => {
    const rounded = (overlap: number) => Math.round(detectionProbability(overlap, usualBanding) * 100) / 100;
    expect([0.7, 0.75, 0.8, 0.85, 0.9].map(rounded)).toEqual([0.56, 0.77, 0.92, 0.99, 1]);
    expect(detectionProbability(0.8, { bands: 16, rowsPerBand: 8 })).toBeCloseTo(0.947, 3);
  });

  test.each([0.5, 0.65, 0.7, 0.75, 0.8, 0.9])(
    'pairs with overlap %d are found as often as the curve says',
    (overlap) => {
      const draw = createDraws(Math.round(overlap * 1000));
      const size = 100;
      const shared = Math.round(size * overlap);
      const pairs = 1500;
      let found = 0;
      for (let pair = 0; pair < pairs; pair++) {
        const elements = Uint32Array.from({ length: size }, draw);
        const middle = shared + Math.floor((size - shared) / 2);
        const one = Uint32Array.from(elements.subarray(0, middle)).sort();
        const other = Uint32Array.from([
          ...elements.subarray(0, shared),
          ...elements.subarray(middle),
        ]).sort();
        expect(jaccard(one, other)).toBeCloseTo(overlap, 10);
        const hasher = createMinHasher(usualBanding, pair);
        const [first, second] = [one, other].map((set) => hasher.bandKeys(hasher.sign(set)));
        if (first?.some((key, band) => key === second?.[band])) found++;
      }
      const expected = detectionProbability(overlap, usualBanding);
      const deviation = Math.sqrt((expected * (1 - expected)) / pairs);
      expect(Math.abs(found / pairs - expected)).toBeLessThan(4 * deviation + 1e-3);
    },
  );

  test('shingles overlap as sets of pieces of five do', () => {
    const setOf = (text: string) =>
      new Set(
        Array.from({ length: Math.max(1, text.length - 4) }, (_, start) => text.slice(start, start + 5)),
      );
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.string({ maxLength: 30 }), (one, other) => {
        const [left, right] = [setOf(one), setOf(other)];
        const shared = [...left].filter((piece) => right.has(piece)).length;
        const exact = shared / (left.size + right.size - shared);
        expect(jaccard(shinglesOf(one), shinglesOf(other))).toBeCloseTo(exact, 10);
      }),
    );
  });
});

describe('duplicates', () => {
  const long = 'How do I top up my account with a debit card from another bank?';

  test('exact ones differ in case, blanks and Unicode form at most', () => {
    expect(findExactDuplicates(['A  b', 'x', 'a B ', 'ｘ', '', '', '각'.normalize('NFD'), '각'])).toEqual([
      [0, 2],
      [1, 3],
      [6, 7],
    ]);
  });

  test('near ones share most of their pieces; exact ones count as near', () => {
    const texts = [
      long,
      'Something else entirely, about lost cards.',
      `${long}!`,
      long.toUpperCase(),
      `Please: ${long}`,
      '',
    ];
    expect(findNearDuplicates(texts)).toEqual([[0, 2, 3, 4]]);
    expect(findNearDuplicates(texts, { threshold: 0.95 })).toEqual([[0, 2, 3]]);
  });

  test('thousands of texts made from one pattern end in one cluster', () => {
    const texts = Array.from({ length: 3000 }, (_, index) => `${long} ${long} Reference ${index % 10}.`);
    expect(findNearDuplicates(texts)).toEqual([texts.map((_, index) => index)]);
  });
});
