import { describe, expect, test } from 'vitest';
import * as format from '../../../src-renderer/app/i18n/format.ts';

describe('durations', () => {
  test.each([
    [0, '0 s', '0초'],
    [8_400, '8 s', '8초'],
    [130_000, '2 min 10 s', '2분 10초'],
    [3_900_000, '1 h 5 min', '1시간 5분'],
  ])('%d ms', (milliseconds, english, korean) => {
    expect(format.formatDuration(milliseconds, 'en')).toBe(english);
    expect(format.formatDuration(milliseconds, 'ko')).toBe(korean);
  });

  test('nothing known is a dash', () => {
    expect(format.formatDuration(null, 'en')).toBe('–');
    expect(format.formatDuration(Number.NaN, 'en')).toBe('–');
  });
});

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_500, '1.5 KB'],
    [250_000_000, '250 MB'],
    [25_300_000_000, '25.3 GB'],
  ])('%d bytes', (bytes, expected) => {
    expect(format.formatBytes(bytes, 'en')).toBe(expected);
  });
});

describe('metrics and shares', () => {
  test('small values keep their digits', () => {
    expect(format.formatMetric(0.00002, 'en')).toBe('2e-5');
    expect(format.formatMetric(0.123456, 'en')).toBe('0.1235');
    expect(format.formatShare(0.0021, 'en')).toBe('0.21%');
    expect(format.formatShare(0.864, 'ko')).toBe('86.4%');
  });

  test('labels on an axis have just enough digits', () => {
    expect(format.formatShareTick(0.4, 0.8, 'en')).toBe('40%');
    expect(format.formatShareTick(0.0281, 0.001, 'en')).toBe('2.81%');
  });

  test('a broken loss shows as what it is', () => {
    expect(format.formatMetric(Number.NaN, 'en')).toBe('NaN');
    expect(format.formatMetric(Number.POSITIVE_INFINITY, 'en')).toBe('Infinity');
  });
});

test('times are relative for a week, then dates', () => {
  const now = Date.parse('2030-05-10T12:00:00Z');
  const evening = new Date('2030-05-10T20:00').getTime();
  expect(format.formatMoment(new Date('2030-05-10T22:05').getTime(), 'en', evening)).toMatch(/^10:05\sPM$/);
  expect(format.formatMoment(new Date('2030-05-11T01:05').getTime(), 'ko', evening)).toBe(
    '5월 11일 오전 1:05',
  );
  expect(format.formatRelative('2030-05-10T11:55:00Z', 'en', now)).toBe('5 minutes ago');
  expect(format.formatRelative('2030-05-10T11:55:00Z', 'ko', now)).toBe('5분 전');
  expect(format.formatRelative('2030-04-01T11:55:00Z', 'en', now)).toMatch(/Apr 1, 2030/);
});
