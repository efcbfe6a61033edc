import { describe, expect, it } from 'vitest';
import { planEpoch, planEvaluation, splitByLength } from '../../../../src-main/engine/data/batching.ts';
import { scramble } from '../../../../src-main/engine/backend/philox.ts';
import { namedStream, shuffledOrder } from '../../../../src-main/engine/data/random.ts';

const lengths = Array.from({ length: 1003 }, (_, index) => 3 + ((index * 37) % 60));

/** Tokens computed for some groups of rows, padding included. */
function paddedTokens(groups: readonly (readonly number[])[], sizes: readonly number[]): number {
  return groups.reduce(
    (sum, group) => sum + group.length * Math.max(...group.map((index) => sizes[index] ?? 0)),
    0,
  );
}

describe('planEpoch', () => {
  const request = { count: lengths.length, batchSize: 16, seed: 5, epoch: 0 };
  const batches = planEpoch(request);

  it('has every example once, in full batches but one', () => {
    const all = batches.flatMap((batch) => [...batch]).sort((a, b) => a - b);
    expect(all).toEqual(lengths.map((_, index) => index));
    expect(batches.filter((batch) => batch.length !== 16).map((batch) => batch.length)).toEqual([1003 % 16]);
  });

  it('is a pure function of its request, and differs by seed and epoch', () => {
    expect(planEpoch(request)).toEqual(batches);
    expect(planEpoch({ ...request, epoch: 1 })).not.toEqual(batches);
    expect(planEpoch({ ...request, seed: 6 })).not.toEqual(batches);
  });
});

describe('splitByLength', () => {
  it('computes little padding in few passes, each row once', () => {
    const sizes = lengths.slice(0, 64);
    const groups = splitByLength(sizes);
    expect(groups.flat().sort((a, b) => a - b)).toEqual(sizes.map((_, index) => index));
    const whole = sizes.length * Math.max(...sizes);
    const real = sizes.reduce((sum, size) => sum + size, 0);
    expect(paddedTokens(groups, sizes) - real).toBeLessThan((whole - real) / 2);
    expect(groups.length).toBeLessThan(8);
  });

  it('leaves a batch whole where splitting saves nothing', () => {
    expect(splitByLength([5, 5, 6, 5])).toHaveLength(1);
    expect(splitByLength([])).toEqual([]);
  });

  it('finds the cheapest split', () => {
    // One row of 500 beside thirty of 10: 31 · 500 tokens, or 300 + 500 and one more pass.
    const sizes = [...Array<number>(30).fill(10), 500];
    expect(splitByLength(sizes).map((group) => group.length)).toEqual([30, 1]);
  });
});

describe('planEvaluation', () => {
  it('has every example once, longest first', () => {
    const batches = planEvaluation(lengths, 64);
    const order = batches.flatMap((batch) => [...batch]);
    expect([...order].sort((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
    expect(lengths[order[0] ?? 0]).toBe(Math.max(...lengths));
  });
});

describe('philox', () => {
  // Known answers of the Random123 distribution.
  it('gives the published words', () => {
    const zeros = new Uint32Array(4);
    scramble(zeros, 0, 0);
    expect([...zeros]).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    const ones = new Uint32Array(4).fill(0xffffffff);
    scramble(ones, 0xffffffff, 0xffffffff);
    expect([...ones]).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
  });

  it('gives independent named streams, uniform', () => {
    const stream = namedStream(1, 'order');
    const draws = Array.from({ length: 20_000 }, (_, index) => stream.uniform(index));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
    expect(namedStream(1, 'batchOrder').uniform(0)).not.toBe(stream.uniform(0));
    expect(namedStream(2, 'order').uniform(0)).not.toBe(stream.uniform(0));
    expect(namedStream(1, 'order', 1).uniform(0)).not.toBe(stream.uniform(0));
  });

  it('shuffles every position about equally often to the front', () => {
    const counts = new Array<number>(5).fill(0);
    for (let part = 0; part < 5000; part++) {
      const first = shuffledOrder(5, namedStream(3, 'test', part))[0] ?? 0;
      counts[first] = (counts[first] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });
});
