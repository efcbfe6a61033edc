import { expect, test } from 'vitest';
import { bandLimits, bandsOf } from '../../../src-renderer/ui/charts/bands.ts';
import type { ChartColours } from '../../../src-renderer/ui/charts/lineLook.ts';
import type { ChartLine } from '../../../src-renderer/ui/charts/points.ts';

const colours: ChartColours = {
  train: '#111111',
  validation: '#222222',
  test: '',
  watch: '',
  grid: '',
  text: '',
  ink: '',
  canvas: '',
};
const thinned: ChartLine = {
  key: 'train',
  label: 'Training',
  tone: 'train',
  points: [
    { x: 0, y: 5, low: 1, high: 9 },
    { x: 10, y: 5, low: 4, high: 6 },
    { x: 20, y: 7 },
  ],
};

test('a line has a band where its points stand for more than themselves', () => {
  const whole: ChartLine = { ...thinned, tone: 'validation', points: [{ x: 0, y: 5, low: 5, high: 5 }] };
  expect(bandsOf([thinned, whole], colours)).toEqual([{ points: thinned.points, colour: '#11111126' }]);
});

test('bands reach as far as their points between two places', () => {
  const bands = bandsOf([thinned], colours);
  expect(bandLimits(bands, -Infinity, Infinity)).toEqual({ min: 1, max: 9 });
  expect(bandLimits(bands, 5, 25)).toEqual({ min: 4, max: 7 });
  expect(bandLimits([], 0, 1)).toEqual({ min: Infinity, max: -Infinity });
});
