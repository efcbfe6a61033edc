import { expect, test } from 'vitest';
import { partRows } from '../../../src-renderer/features/compare/predictionDiff.ts';
import { localTime, nextAt } from '../../../src-renderer/features/runs/startTimes.ts';
import { chartCsv } from '../../../src-renderer/ui/charts/chartCsv.ts';

test('rows are parted by which of two runs gets them right', () => {
  const row = (first: string, second: string) => ({ text: `${first}${second}`, actual: 'a', first, second });
  const found = partRows([row('a', 'a'), row('a', 'b'), row('b', 'a'), row('b', 'b'), row('b', 'c')]);
  expect(found.alike).toBe(2);
  expect(found.onlyFirstRight.map(({ text }) => text)).toEqual(['ab']);
  expect(found.onlySecondRight.map(({ text }) => text)).toEqual(['ba']);
  expect(found.bothWrong.map(({ text }) => text)).toEqual(['bc']);
});

test('tonight is today as long as it is not later already', () => {
  const at = (text: string) => localTime(nextAt(22, new Date(text)));
  expect(at('2026-03-01T10:00:00')).toBe('2026-03-01T22:00');
  expect(at('2026-03-01T22:00:00')).toBe('2026-03-02T22:00');
  expect(at('2026-12-31T23:00:00')).toBe('2027-01-01T22:00');
});

test('a chart as a table names extremes and trends beside each value', () => {
  const lines = [
    {
      key: 'a',
      label: 'a, "b"',
      tone: 'train' as const,
      points: [{ x: 0.5, y: 2, low: 1, high: 3, smooth: 2.5, step: 7 }],
    },
  ];
  expect(chartCsv(lines, 'epoch')).toBe(
    'line,step,epoch,value,minimum,maximum,smoothed\r\n"a, ""b""",7,0.5,2,1,3,2.5\r\n',
  );
});
