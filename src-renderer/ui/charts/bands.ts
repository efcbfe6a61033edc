import type { Plugin } from 'chart.js';
import { type ChartColours, lineLook } from './lineLook.ts';
import type { ChartLine, Point } from './points.ts';

/** The area between the extremes of what each drawn point of a line stands for. */
export interface Band {
  readonly points: readonly Point[];
  readonly colour: string;
}

/** Hexadecimal opacity. */
const veil = '26';

/** The bands of lines; none for lines whose points stand for themselves. */
export function bandsOf(lines: readonly ChartLine[], colours: ChartColours): Band[] {
  return lines
    .filter(({ points }) =>
      points.some(({ low, high }) => low !== undefined && high !== undefined && low < high),
    )
    .map((line) => ({ points: line.points, colour: `${lineLook(line, colours).colour}${veil}` }));
}

/** What bands span between two places. */
export function bandLimits(bands: readonly Band[], from: number, to: number): { min: number; max: number } {
  let [min, max] = [Infinity, -Infinity];
  for (const { points } of bands) {
    for (const { x, y, low = y, high = y } of points) {
      if (x < from || x > to) continue;
      if (low < min) min = low;
      if (high > max) max = high;
    }
  }
  return { min, max };
}

/**
 * Draws bands beneath the lines. As lines of the chart's own, filled in between, they would double the time that a chart
 * takes.
 */
export function bandPlugin(bands: () => readonly Band[]): Plugin<'line'> {
  return {
    id: 'bands',
    beforeDatasetsDraw({ ctx, chartArea, scales: { x, y } }) {
      if (!x || !y) return;
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
      ctx.clip();
      for (const { points, colour } of bands()) {
        const pixels = points.map((point) => x.getPixelForValue(point.x));
        ctx.beginPath();
        for (const [index, { y: value, high = value }] of points.entries()) {
          ctx.lineTo(pixels[index] ?? 0, y.getPixelForValue(high));
        }
        for (let index = points.length - 1; index >= 0; index--) {
          const point = points[index];
          if (point) ctx.lineTo(pixels[index] ?? 0, y.getPixelForValue(point.low ?? point.y));
        }
        ctx.fillStyle = colour;
        ctx.fill();
      }
      ctx.restore();
    },
  };
}
