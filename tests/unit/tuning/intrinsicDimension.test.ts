import { expect, test } from 'vitest';
import { measureDimension } from '../../../src-main/tuning/index.ts';

test('d90 is the smallest dimension that reaches nine tenths', () => {
  const points = [
    { dimension: 1000, value: 0.74 },
    { dimension: 200, value: 0.5 },
    { dimension: 5000, value: 0.79 },
    { dimension: 500, value: 0.73 },
  ];
  const measured = measureDimension(0.8, points, 'higher');
  expect(measured.d90).toBe(500);
  expect(measured.points.map(({ dimension }) => dimension)).toEqual([200, 500, 1000, 5000]);
  expect(measured.points[0]?.share).toBeCloseTo(0.625);
  expect(measureDimension(0.9, points, 'higher').d90).toBeNull();
});

test('where less is better, the share is turned round', () => {
  const points = [
    { dimension: 100, value: 12 },
    { dimension: 300, value: 11 },
  ];
  expect(measureDimension(10, points, 'lower')).toMatchObject({ d90: 300 });
});
