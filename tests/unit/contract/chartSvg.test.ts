import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawChart, roundTicks } from '../../../src-main/contract/chartSvg.ts';

test('ticks are round, inside the range, and few', () => {
  expect(roundTicks(0, 10)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(roundTicks(0.07, 0.31)).toEqual([0.1, 0.15, 0.2, 0.25, 0.3]);
  expect(roundTicks(3, 3)).toEqual([3]);
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      (low, span) => {
        const ticks = roundTicks(low, low + span);
        expect(ticks.length).toBeLessThanOrEqual(7);
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(low - span * 1e-6);
          expect(tick).toBeLessThanOrEqual(low + span * (1 + 1e-6));
        }
      },
    ),
  );
});

test('a chart draws its lines and bands, breaks where values are missing, and holds names as text', () => {
  const points = [
    { x: 1, y: 2, low: 1, high: 3 },
    { x: 2, y: Number.NaN },
    { x: 3, y: 1, low: 0.5, high: 2 },
  ];
  const drawing = drawChart({
    title: '<script>"loss"',
    xTitle: 'Step',
    lines: [{ label: 'a & b', colour: '#123456', dash: [6, 3], points }],
  });
  expect(drawing).toContain('&lt;script&gt;&quot;loss&quot;');
  expect(drawing).toContain('a &amp; b');
  expect(drawing).not.toContain('<script>');
  expect(drawing).not.toContain('NaN');
  expect(drawing.match(/<path/g)).toHaveLength(2);
  expect(drawing).toMatch(/d="M[\d. ]+M[\d. ]+" fill="none"/);
});

test('logarithmic axes leave out what has no logarithm', () => {
  const points = [0, 1, 10, 100, 1000].map((x) => ({ x, y: x }));
  const drawing = drawChart({
    title: 't',
    xTitle: 's',
    logX: true,
    logY: true,
    lines: [{ label: 'l', colour: '#000', dash: [], points }],
  });
  expect(drawing).not.toMatch(/NaN|Infinity/);
  expect(drawing).toContain('>100<');
});
