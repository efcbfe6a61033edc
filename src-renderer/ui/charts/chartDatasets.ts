import type { ChartDataset, Point as ChartPoint } from 'chart.js';
import { type ChartColours, lineLook } from './lineLook.ts';
import { type ChartLine, breakAt } from './points.ts';

export interface DatasetOptions {
  readonly smoothed: boolean;
  readonly breaks: readonly number[];
}

type Dataset = ChartDataset<'line', ChartPoint[]>;

const pointsWithMarks = 40;
/** Hexadecimal opacity. */
const faint = '55';

/** A line as the chart library draws it: its values, and its trend over them. */
function datasetsOf(line: ChartLine, colours: ChartColours, options: DatasetOptions): Dataset[] {
  const { colour, dash } = lineLook(line, colours);
  const points = breakAt(line.points, options.breaks);
  const smoothed = options.smoothed && points.length >= pointsWithMarks;
  const looks = {
    backgroundColor: colour,
    borderDash: [...dash],
    pointRadius: line.points.length < pointsWithMarks ? 2.5 : 0,
    pointHoverRadius: 4,
    fill: false,
  };
  const values: Dataset = {
    ...looks,
    label: line.label,
    data: points,
    borderColor: smoothed ? `${colour}${faint}` : colour,
    borderWidth: smoothed ? 1.25 : 2,
  };
  const trend: Dataset = {
    ...looks,
    label: '',
    data: points.map(({ x, y, smooth }) => ({ x, y: Number.isNaN(y) ? y : (smooth ?? y) })),
    borderColor: colour,
    borderWidth: 2,
    pointRadius: 0,
    pointHoverRadius: 0,
  };
  return [values, ...(smoothed ? [trend] : [])];
}

export function chartDatasets(
  lines: readonly ChartLine[],
  colours: ChartColours,
  options: DatasetOptions,
): Dataset[] {
  return lines.flatMap((line) => datasetsOf(line, colours, options));
}
