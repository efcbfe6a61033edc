import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Series } from '../../src-main/contract/runs.ts';
import { exampleRun } from './fixtures/examples.ts';
import { temporaryStore } from './temporaryStore.ts';

/** What a series must be, computed the plain way from all points in order of steps. */
function expectedPoints(
  points: readonly (readonly [number, number])[],
  maximumPoints: number,
): Series['points'] {
  const first = points[0]?.[0] ?? 0;
  const last = points.at(-1)?.[0] ?? 0;
  const buckets = new Map<number, Series['points'][number]>();
  for (const [step, value] of points) {
    const bucket =
      points.length <= maximumPoints
        ? step
        : Math.floor(((step - first) * maximumPoints) / (last - first + 1));
    const old = buckets.get(bucket);
    buckets.set(bucket, {
      step,
      last: value,
      minimum: Math.min(value, old?.minimum ?? value),
      maximum: Math.max(value, old?.maximum ?? value),
    });
  }
  return [...buckets.values()];
}

/** A curve of a hundred thousand points, most of them in blocks with a summary. */
function storeOfLongCurve() {
  const store = temporaryStore();
  store.runs.insert(exampleRun);
  const values = Array.from({ length: 100_000 }, (_, step): [number, number] => [
    step,
    Math.sin(step / 900) + ((step * 2_654_435_761) % 1000) / 1000,
  ]);
  store.transaction(() => {
    for (const [step, value] of values) store.metrics.append('run-1', step, { 'train.loss': value });
  });
  return { store, values };
}

test('a hundred thousand points come as exact extremes and last values per bucket', () => {
  const { store, values } = storeOfLongCurve();
  for (const maximumPoints of [777, 1000, 10_000]) {
    const [series] = store.metrics.series({ runId: 'run-1', maximumPoints });
    expect(series).toEqual({
      metric: 'train.loss',
      totalPoints: 100_000,
      points: expectedPoints(values, maximumPoints),
    });
    expect(series?.points.length).toBeLessThanOrEqual(maximumPoints);
  }
  const zoomed = store.metrics.series({
    runId: 'run-1',
    fromStep: 500.5,
    toStep: 90_000,
    maximumPoints: 300,
  });
  expect(zoomed[0]?.totalPoints).toBe(89_500);
  expect(zoomed[0]?.points).toEqual(expectedPoints(values.slice(501, 90_001), 300));
});

test('seen from afar buckets are as exact, and nearly as wide as each other', () => {
  const { store, values } = storeOfLongCurve();
  for (const view of [{}, { from: 10_000.5, to: 94_321 }, { logarithmic: true }, { fromStep: 7 }]) {
    const [series] = store.metrics.series({ runId: 'run-1', maximumPoints: 40, smoothing: 0.99, ...view });
    const { from = 0, to = 99_999 } = { from: view.fromStep, ...view };
    const seen = values.filter(([step]) => step >= from && step <= to);
    expect(series?.totalPoints).toBe(seen.length);
    expect(series?.points.length).toBeLessThanOrEqual(40);
    expect(series?.points.at(-1)?.step).toBe(seen.at(-1)?.[0]);
    let before = (seen[0]?.[0] ?? 0) - 1;
    for (const { step, last, minimum, maximum } of series?.points ?? []) {
      const own = seen.filter(([at]) => at > before && at <= step).map(([, value]) => value);
      expect({ last, minimum, maximum }).toEqual({
        last: own.at(-1),
        minimum: Math.min(...own),
        maximum: Math.max(...own),
      });
      if (view.logarithmic === undefined) expect(own.length).toBeLessThanOrEqual(seen.length / 40 + 256);
      before = step;
    }
  }
});

test('any points, with gaps and any zoom, agree with the plain computation', () => {
  const store = temporaryStore();
  const step = fc.integer({ min: 0, max: 3000 });
  const point = fc.tuple(
    step,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(point, { selector: ([at]) => at, maxLength: 200 }),
      fc.integer({ min: 10, max: 50 }),
      fc.option(step, { nil: undefined }),
      fc.option(step, { nil: undefined }),
      (points, maximumPoints, fromStep, toStep) => {
        store.runs.remove('run-1');
        store.runs.insert(exampleRun);
        store.transaction(() => {
          for (const [at, value] of points) store.metrics.append('run-1', at, { loss: value });
        });
        const seen = points
          .filter(([at]) => at >= (fromStep ?? 0) && at <= (toStep ?? Infinity))
          .sort(([one], [other]) => one - other);
        const [series] = store.metrics.series({
          runId: 'run-1',
          maximumPoints,
          ...(fromStep === undefined ? {} : { fromStep }),
          ...(toStep === undefined ? {} : { toStep }),
        });
        expect(series?.points ?? []).toEqual(expectedPoints(seen, maximumPoints));
      },
    ),
    { numRuns: 60 },
  );
});

test('a second value replaces the first, what is no number is left out, a resumed run forgets its future', () => {
  const store = temporaryStore();
  store.runs.insert(exampleRun);
  store.runs.insert({ ...exampleRun, id: 'run-2' });
  for (const runId of ['run-1', 'run-2']) {
    for (let step = 1; step <= 5; step++) store.metrics.append(runId, step, { loss: step, odd: NaN });
  }
  store.metrics.append('run-1', 3, { loss: 30 });
  store.metrics.removeAfter('run-1', 3);
  const lasts = (runId: string) =>
    store.metrics.series({ runId, metrics: ['loss'], maximumPoints: 10 })[0]?.points.map(({ last }) => last);
  expect(lasts('run-1')).toEqual([1, 2, 30]);
  expect(lasts('run-2')).toEqual([1, 2, 3, 4, 5]);
  expect(store.metrics.names('run-1')).toEqual(['loss']);
  expect(store.metrics.series({ runId: 'run-1', metrics: ['absent'], maximumPoints: 10 })).toEqual([]);
});

test('the moving average runs over every point, whatever is shown', () => {
  const store = temporaryStore();
  store.runs.insert(exampleRun);
  const values = Array.from({ length: 20_000 }, (_, step) => Math.cos(step) + step / 4_000);
  store.transaction(() => {
    values.forEach((value, step) => store.metrics.append('run-1', step, { loss: value }));
  });
  // The first and the last strength are prepared, the one between them is not.
  for (const smoothing of [0.3, 0.97, 0.999]) {
    let average = 0;
    const expected = values.map((value, index) => {
      average = smoothing * average + (1 - smoothing) * value;
      return average / (1 - smoothing ** (index + 1));
    });
    for (const [maximumPoints, from] of [
      [10, 4_500],
      [10, 0],
      [3_000, 14_500],
    ] as const) {
      // prettier-ignore
      const [series] = store.metrics.series({ runId: 'run-1', maximumPoints, smoothing, from });
      expect(series?.points[0]?.step).toBeGreaterThanOrEqual(from);
      for (const { step, smooth } of series?.points ?? []) {
        expect(smooth).toBeCloseTo(expected[step] ?? NaN, 9);
      }
    }
  }
});

test('points stand along an axis other than the step, those between its points in between', () => {
  const store = temporaryStore();
  store.runs.insert(exampleRun);
  for (let step = 1; step <= 40; step++) {
    store.metrics.append('run-1', step, { 'train.loss': step, 'axis.tokens': step * 100 });
  }
  store.metrics.append('run-1', 0, { 'validation.loss': 9 });
  store.metrics.append('run-1', 40, { 'validation.loss': 5 });
  const view = { runId: 'run-1', axis: 'tokens', maximumPoints: 100 } as const;
  const [train, validation] = store.metrics.series({ ...view, from: 1_000, to: 2_000 });
  expect(train?.points.map(({ place }) => place)).toEqual(
    Array.from({ length: 11 }, (_, index) => 1_000 + index * 100),
  );
  expect(validation?.points).toEqual([]);
  expect(store.metrics.series(view)[1]?.points.map(({ place }) => place)).toEqual([100, 4_000]);
  const wide = store.metrics.series({ ...view, maximumPoints: 10, logarithmic: true })[0]?.points ?? [];
  const widths = wide.map(({ place }, index) => (place ?? 0) - (wide[index - 1]?.place ?? 0));
  expect(widths.at(-1)).toBeGreaterThan((widths[1] ?? 0) * 3);
  // A run without this axis falls back to its steps.
  expect(store.metrics.series({ ...view, axis: 'wallSeconds' })[0]?.points[0]).not.toHaveProperty('place');
});

test('long series move into blocks, and are still replaced and cut off anywhere', () => {
  const store = temporaryStore();
  store.runs.insert(exampleRun);
  const count = 30_000;
  store.transaction(() => {
    for (let step = 0; step < count; step++) store.metrics.append('run-1', step, { loss: step });
  });
  store.metrics.append('run-1', 5_000, { loss: -1 });
  const read = () => [...store.metrics.points('run-1')][0];
  expect(read()?.steps).toHaveLength(count);
  expect(read()?.values[5_000]).toBe(-1);
  expect(read()?.values[5_001]).toBe(5_001);
  expect(store.metrics.extremes('run-1', 'loss')).toEqual({ lowest: -1, highest: count - 1 });
  store.metrics.removeAfter('run-1', 12_345);
  expect(read()?.steps).toHaveLength(12_346);
  expect(store.metrics.extremes('run-1', 'loss')).toEqual({ lowest: -1, highest: 12_345 });
  expect(store.metrics.extremes('run-1', 'absent')).toBeUndefined();
  store.metrics.append('run-1', 12_346, { loss: 7 });
  expect(read()?.values.at(-1)).toBe(7);
  expect(read()?.steps.every((step, index) => step === index)).toBe(true);
});
