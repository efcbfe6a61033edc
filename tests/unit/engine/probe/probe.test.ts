import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { FeatureCache } from '../../../../src-main/engine/probe/featureCache.ts';
import { minimize } from '../../../../src-main/engine/probe/lbfgs.ts';
import { chooseDifferent, findNearest } from '../../../../src-main/engine/probe/spread.ts';
import { beliefIn, opinionOfOne, opinionOfSeveral } from '../../../../src-main/engine/probe/opinion.ts';
import { crossPredict, teachAndPredict } from '../../../../src-main/engine/probe/teach.ts';
import { createEngineFiles } from '../../../../src-main/platform/index.ts';
import { loadTestBackend } from '../testBackend.ts';

const backend = await loadTestBackend();
const unit = (angle: number) => Float32Array.from([Math.cos(angle), Math.sin(angle)]);

test('a quadratic function is smallest where its gradient is nothing', () => {
  const scales = [1, 10, 100];
  const found = minimize(
    (place, gradient) =>
      scales.reduce((sum, scale, index) => {
        const away = (place[index] ?? 0) - index;
        gradient[index] = scale * away;
        return sum + (scale * away * away) / 2;
      }, 0),
    new Float64Array(3),
    { maximumSteps: 100, gradientTolerance: 1e-9 },
  );
  [0, 1, 2].forEach((expected, index) => expect(found[index]).toBeCloseTo(expected, 8));
});

describe('what a probe says', () => {
  test('the best label, how far ahead it is, and how spread the rest', () => {
    const { classes, probability, margin, entropy } = opinionOfOne(Float32Array.from([0.2, 0.7, 0.1]));
    expect(classes).toEqual([1]);
    expect(probability).toBeCloseTo(0.7);
    expect(margin).toBeCloseTo(0.5);
    const expected = -(0.2 * Math.log(0.2) + 0.7 * Math.log(0.7) + 0.1 * Math.log(0.1)) / Math.log(3);
    expect(entropy).toBeCloseTo(expected, 6);
  });

  test('even probabilities are as undecided as can be', () => {
    const opinion = opinionOfOne(new Float32Array(4).fill(0.25));
    expect(opinion.margin).toBe(0);
    expect(opinion.entropy).toBeCloseTo(1);
  });

  test('the margin is that of the two largest, wherever they stand', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 2 }), (values) => {
        const probabilities = Float32Array.from(values);
        const [first = 0, second = 0] = [...probabilities].sort((one, other) => other - one);
        const opinion = opinionOfOne(probabilities);
        expect(opinion.probability).toBe(first);
        expect(opinion.margin).toBeCloseTo(first - second, 6);
      }),
    );
  });

  test('each labelled row is judged by a probe that has not seen it', () => {
    // Two groups, and one row of the first that was given the label of the second.
    const rows = Array.from({ length: 20 }, (_, index) => unit(index < 10 ? index / 50 : 2 + index / 50));
    const labels = rows.map((_, index) => [index < 10 ? 0 : 1]);
    labels[3] = [1];
    const before = backend.liveHandles;
    const taught = { rows, labels, several: false };
    const found = crossPredict(backend, taught, 2, { strength: 10, maximumSteps: 60 });
    expect(backend.liveHandles).toBe(before);
    expect(found[3]?.[1]).toBeLessThan(0.5);
    labels.forEach(([label = 0], row) => {
      if (row !== 3) expect(found[row]?.[label]).toBeGreaterThan(0.5);
    });
  });
});

describe('several labels', () => {
  test('are those that reach the threshold, as sure as the least sure decision', () => {
    const opinion = opinionOfSeveral([0.9, 0.2, 0.6], 0.5);
    expect(opinion.classes).toEqual([0, 2]);
    expect(opinion.probability).toBeCloseTo(0.6);
    expect(opinion.margin).toBeCloseTo(0.2);
    expect(opinionOfSeveral([0.5, 0.5]).entropy).toBeCloseTo(1);
    expect(opinionOfSeveral([0, 1]).entropy).toBe(0);
    const unsure = opinionOfSeveral([0.1, 0.3]);
    expect([unsure.classes, unsure.probability]).toEqual([[1], 0.3]);
  });

  test('are believed in as far as each of them, and the absence of the others', () => {
    expect(beliefIn([0], [0.9, 0.3], true)).toBeCloseTo(0.7);
    expect(beliefIn([0, 1], [0.9, 0.3], true)).toBeCloseTo(0.3);
    expect(beliefIn([1], [0.9, 0.1], false)).toBeCloseTo(0.1);
  });

  test('are learned each on its own', () => {
    // The first label lies at small angles, the second at even places: neither says anything of the other.
    const rows = Array.from({ length: 40 }, (_, index) =>
      Float32Array.from([index < 20 ? 1 : -1, index % 2 === 0 ? 1 : -1, Math.sin(index)]),
    );
    const labels = rows.map((_, index) => [...(index < 20 ? [0] : []), ...(index % 2 === 0 ? [1] : [])]);
    const before = backend.liveHandles;
    const taught = { rows, labels, several: true };
    const found = teachAndPredict(backend, taught, [Float32Array.from([1, -1, 0]), Float32Array.from([-1, 1, 0])], 2); // prettier-ignore
    expect(found.map((row) => Array.from(row, (value) => value > 0.9))).toEqual([[true, false], [false, true]]); // prettier-ignore
    expect(found.flatMap((row) => Array.from(row)).filter((value) => value > 0.1 && value < 0.9)).toEqual([]);
    const crossed = crossPredict(backend, taught, 2);
    expect(backend.liveHandles).toBe(before);
    crossed.forEach((row, index) =>
      expect(opinionOfSeveral(row).classes).toEqual(
        labels[index]?.length ? labels[index] : [expect.anything()],
      ),
    );
  });
});

describe('rows that differ', () => {
  const angles = [0, 0.1, 1.5, 1.6, 3.1];
  const rows = angles.map(unit);

  test('each is the farthest from the labelled ones and from those before it', () => {
    const before = backend.liveHandles;
    const chosen = chooseDifferent(backend, rows, [unit(0.05)], 3);
    expect(chosen).toEqual([4, 3, 2]);
    expect(backend.liveHandles).toBe(before);
  });

  test('every row comes once, also where several are the same', () => {
    const same = [...rows, ...rows];
    expect(chooseDifferent(backend, same, [], 99).sort((one, other) => one - other)).toEqual(
      same.map((_, index) => index),
    );
  });

  test('the nearest come first', () => {
    expect(findNearest(rows, unit(1.5), 3).map(({ index }) => index)).toEqual([2, 3, 1]);
  });
});

describe('the feature cache', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tunebench-features-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('gives back the same bytes to the next process, and leaves out a piece that was spoiled', () => {
    const files = createEngineFiles();
    const cache = new FeatureCache(files, folder);
    const feature = (seed: number) => Float32Array.from([seed, seed / 3, -seed]);
    cache.add([
      ['a', feature(1)],
      ['b', feature(2)],
    ]);
    cache.add([['c', feature(3)]]);
    const again = new FeatureCache(files, folder);
    expect(['a', 'b', 'c'].map((name) => again.get(name))).toEqual([feature(1), feature(2), feature(3)]);
    again.add([['d', feature(4)]]);

    const [first = ''] = readdirSync(folder).sort();
    writeFileSync(join(folder, first, 'features.safetensors'), 'spoiled');
    const rest = new FeatureCache(files, folder);
    expect(['a', 'b', 'c', 'd'].map((name) => rest.has(name))).toEqual([false, false, true, true]);
  });
});
