import { expect, test } from 'vitest';
import { measurePace } from '../../../src-main/services/labels/pace.ts';

const at = (seconds: number, records = 1) => ({ at: new Date(seconds * 1000).toISOString(), records });

test('pace is records over the time worked; breaks do not count', () => {
  // Newest first: six records two seconds apart, then a lunch of an hour, then five more.
  const recent = [5, 4, 3, 2, 1, 0].map((index) => at(10_000 + index * 2));
  const earlier = [5, 4, 3, 2, 1, 0].map((index) => at(6_000 + index * 2));
  expect(measurePace(recent, 900)).toEqual({ perHour: 1800, remainingMs: 1_800_000 });
  expect(measurePace([...recent, ...earlier], 900)).toEqual({ perHour: 1800, remainingMs: 1_800_000 });
});

test('one action on many records counts them all; too little says nothing', () => {
  expect(measurePace([at(10, 20), at(0)], 40)).toEqual({ perHour: 7200, remainingMs: 20_000 });
  expect(measurePace([at(10), at(0)], 40)).toEqual({ perHour: null, remainingMs: null });
  expect(measurePace([], 40)).toEqual({ perHour: null, remainingMs: null });
});
