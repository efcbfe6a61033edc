import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ChartLine,
  type Point,
  breakAt,
  nearestIndex,
  ordinaryRange,
  summarise,
  tableRows,
  valueNear,
} from '../../../src-renderer/ui/charts/points.ts';
import { consecutive } from '../../../src-main/store/curve.ts';
import { decimate, placedBySteps } from '../../../src-main/store/decimate.ts';
import { type Curve, appendLive, curveFrom, cutAfter } from '../../../src-renderer/features/runs/curves.ts';
import { bestStep, chartGroups, resultOf } from '../../../src-renderer/features/runs/runMetrics.ts';
import { mostFrequentMistakes, recallByLabel } from '../../../src-renderer/features/runs/confusion.ts';

function lineOf(steps: readonly number[], key: 'train' | 'validation' | 'test'): ChartLine {
  return { key, label: key, tone: key, points: steps.map((x) => ({ x, y: x / 10 })) };
}

test('of a line in two stretches the nearer one speaks', () => {
  const own = lineOf([11, 20], 'train');
  const before: ChartLine = { ...lineOf([1, 10], 'train'), key: 'train before', inherited: true };
  const other = lineOf([10], 'validation');
  const lines = [own, before, other];
  const saidAt = (x: number) => lines.map((line) => valueNear(line, lines, x));
  expect(saidAt(2)).toEqual([undefined, 0.1, 1]);
  expect(saidAt(10.4)).toEqual([undefined, 1, 1]);
  expect(saidAt(19)).toEqual([2, undefined, 1]);
});

describe('the table twin', () => {
  test('puts values of the same step in one row', () => {
    const rows = tableRows([lineOf([1, 2, 3], 'train'), lineOf([3], 'validation')], 100);
    expect(rows).toEqual([
      { step: 1, values: [0.1, undefined] },
      { step: 2, values: [0.2, undefined] },
      { step: 3, values: [0.3, 0.3] },
    ]);
  });

  test('is thinned, but keeps the ends and every rare value', () => {
    const train = Array.from({ length: 1000 }, (_, index) => index + 1);
    const rows = tableRows([lineOf(train, 'train'), lineOf([333, 667], 'validation')], 50);
    const steps = rows.map(({ step }) => step);
    expect(rows.length).toBeLessThanOrEqual(52);
    expect(steps[0]).toBe(1);
    expect(steps.at(-1)).toBe(1000);
    expect(steps).toEqual(expect.arrayContaining([333, 667]));
  });
});

describe('live points', () => {
  const series = {
    metric: 'train.loss',
    totalPoints: 3,
    points: [1, 2, 3].map((step) => ({ step, last: step, minimum: step, maximum: step })),
  };
  const stepsOf = ({ points }: { points: readonly Point[] }) => points.map(({ step }) => step);

  test('what the host had told already is left alone; the rest goes on', () => {
    const curve = curveFrom(series);
    for (const step of [2, 3, 4, 5]) appendLive(curve, { x: step, y: 9, step }, 0);
    expect(stepsOf(curve)).toEqual([1, 2, 3, 4, 5]);
    expect(curve.points.map(({ y }) => y)).toEqual([1, 2, 3, 9, 9]);
    expect(curve.totalPoints).toBe(5);
  });

  test('a run that went back to a checkpoint overwrites what came after it', () => {
    const curve = curveFrom(series);
    cutAfter(curve, 1);
    appendLive(curve, { x: 2, y: 9, step: 2 }, 0);
    expect(curve.points.map(({ y }) => y)).toEqual([1, 9]);
  });

  test('the trend goes on live as the host would have computed it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 60 }),
        (values) => {
          const smoothing = 0.8;
          const steps = consecutive(0, values.length);
          const whole = {
            firstStep: 0,
            lastStep: values.length - 1,
            count: values.length,
            points: () => ({ steps, values: Float64Array.from(values) }),
          };
          const expected = decimate('loss', [placedBySteps(whole)], { maximumPoints: 100, smoothing }).points;
          const curve: Curve = { points: [], totalPoints: 0 };
          values.forEach((y, index) => appendLive(curve, { x: index, y, step: index }, smoothing));
          curve.points.forEach(({ smooth }, index) =>
            expect(smooth).toBeCloseTo(expected[index]?.smooth ?? NaN, 9),
          );
        },
      ),
    );
  });

  test('a line is broken where a run was taken up again', () => {
    const points = [1, 2, 3, 4].map((x) => ({ x, y: x }));
    expect(breakAt(points, [2]).map(({ y }) => y)).toEqual([1, 2, Number.NaN, 3, 4]);
    expect(breakAt(points, [9])).toEqual(points);
  });

  test('the nearest point to a place, and the range without wild values', () => {
    const points = [0, 10, 20].map((x) => ({ x, y: x }));
    expect([-5, 4, 6, 14, 16, 99].map((x) => nearestIndex(points, x))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(nearestIndex([], 1)).toBeUndefined();
    const values = [...Array.from({ length: 200 }, (_, index) => index / 200), 1e9, -1e9];
    const range = ordinaryRange(values);
    expect(range?.minimum).toBeGreaterThanOrEqual(0);
    expect(range?.maximum).toBeLessThanOrEqual(1);
  });

  test('summary', () => {
    expect(summarise([])).toBeUndefined();
    expect(summarise([1, 3, 2].map((y, x) => ({ x, y })))).toEqual({
      first: 1,
      last: 2,
      minimum: 1,
      maximum: 3,
    });
  });
});

describe('what a run came to', () => {
  const objectives = [
    { id: 'classification' as const, decidingMetric: { name: 'accuracy', better: 'higher' as const } },
  ];

  test('the deciding metric on the most honest split', () => {
    const metrics = { 'train.loss': 1, 'validation.accuracy': 0.8, 'test.accuracy': 0.7 };
    expect(resultOf({ task: 'classification', metrics }, objectives)).toEqual({
      split: 'test',
      metric: 'accuracy',
      value: 0.7,
    });
  });

  test('the loss where nothing was evaluated yet', () => {
    expect(resultOf({ task: 'classification', metrics: { 'train.loss': 1 } }, objectives)?.metric).toBe(
      'loss',
    );
    expect(resultOf({ task: 'classification', metrics: {} }, objectives)).toBeUndefined();
  });

  test('charts: loss and what decides large; the rest small, technical ones last', () => {
    const names = ['train.learningRate', 'train.loss', 'validation.macroF1', 'validation.accuracy'];
    expect(chartGroups(names, 'accuracy')).toEqual({
      main: ['loss', 'accuracy'],
      side: ['macroF1', 'learningRate'],
    });
    expect(chartGroups(names, 'loss').main).toEqual(['loss']);
  });

  test('charts: watched texts and the load of each stand in one; what was measured once is no curve', () => {
    const names = ['axis.epoch', 'texts.unknownShare', 'watch.loss', 'watch.perplexity'];
    const loads = ['process.load', 'machine.load', 'gpu.load'];
    expect(chartGroups([...names, ...loads], 'loss')).toEqual({
      main: ['loss'],
      side: ['perplexity', 'load'],
    });
  });

  test('the first of equally good steps is the best', () => {
    const points = [0.5, 0.9, 0.9].map((y, x) => ({ x, y }));
    expect(bestStep(points, 'higher')).toBe(1);
    expect(bestStep(points, 'lower')).toBe(0);
  });
});

describe('confusion', () => {
  const confusion = { labels: ['a', 'b', 'c'], counts: [[8, 2, 0], [1, 4, 5], [0, 0, 0]] }; // prettier-ignore

  test('mistakes by frequency', () => {
    expect(mostFrequentMistakes(confusion, 2)).toEqual([
      { actual: 'b', predicted: 'c', count: 5 },
      { actual: 'a', predicted: 'b', count: 2 },
    ]);
  });

  test('recall; a label without rows has none', () => {
    expect(recallByLabel(confusion)).toEqual([0.8, 0.4, null]);
  });
});
