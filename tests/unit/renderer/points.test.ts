import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ChartLine,
  type Point,
  appendPoint,
  smooth,
  summarise,
  tableRows,
  thinOut,
} from '../../../src-renderer/ui/charts/points.ts';
import { bestStep, chartGroups, resultOf } from '../../../src-renderer/features/runs/runMetrics.ts';
import { mostFrequentMistakes, recallByLabel } from '../../../src-renderer/features/runs/confusion.ts';

function lineOf(steps: readonly number[], key: 'train' | 'validation' | 'test'): ChartLine {
  return { key, label: key, tone: key, points: steps.map((x) => ({ x, y: x / 10 })) };
}

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
  test('a run that went back to a checkpoint overwrites what came after it', () => {
    const points: Point[] = [];
    for (const x of [1, 2, 3, 4, 3, 4, 5]) appendPoint(points, { x, y: 0 });
    expect(points.map(({ x }) => x)).toEqual([1, 2, 3, 4, 5]);
  });

  test('steps always rise, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), (steps) => {
        const points: Point[] = [];
        for (const x of steps) appendPoint(points, { x, y: 0 });
        const xs = points.map(({ x }) => x);
        expect(xs).toEqual([...new Set(xs)].sort((a, b) => a - b));
        expect(xs.at(-1)).toBe(steps.at(-1));
      }),
    );
  });

  test('a long series is halved and keeps its newest point', () => {
    const points = Array.from({ length: 101 }, (_, x) => ({ x, y: 0 }));
    const thin = thinOut(points, 100);
    expect(thin.length).toBe(51);
    expect(thin.at(-1)?.x).toBe(100);
  });

  test('the trend starts at the first value and moves slowly', () => {
    const trend = smooth([1, 1, 0].map((y, x) => ({ x, y })));
    expect(trend[0]?.y).toBeCloseTo(1);
    expect(trend[1]?.y).toBeCloseTo(1);
    expect(trend[2]?.y).toBeGreaterThan(0.5);
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
