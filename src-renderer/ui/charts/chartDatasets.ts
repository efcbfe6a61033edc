import type { ChartDataset, Point as ChartPoint } from 'chart.js';
import { type ChartColours, lineLook } from './chartOptions.ts';
import { type ChartLine, type Point, breakAt } from './points.ts';

export interface DatasetOptions {
  readonly smoothed: boolean;
  readonly band: boolean;
  readonly breaks: readonly number[];
}

type Dataset = ChartDataset<'line', ChartPoint[]>;

const pointsWithMarks = 40;
/** Hexadecimal opacities. */
const faint = '55';
const veil = '26';

const plain = {
  borderWidth: 0,
  pointRadius: 0,
  pointHoverRadius: 0,
  pointHitRadius: 0,
  label: '',
} as const;

/** The area between the extremes of what each drawn point stands for; nothing where each stands for itself. */
function bandOf(points: readonly Point[], colour: string): Dataset[] {
  if (!points.some(({ low, high }) => low !== undefined && high !== undefined && low < high)) return [];
  const top = points.map(({ x, y, high }) => ({ x, y: high ?? y }));
  const bottom = points.map(({ x, y, low }) => ({ x, y: low ?? y }));
  return [
    { ...plain, data: top, fill: false },
    { ...plain, data: bottom, fill: '-1', backgroundColor: `${colour}${veil}` },
  ];
}

/** A line as the chart library draws it: the band of its extremes, its values, and its trend over them. */
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
  return [...(options.band ? bandOf(line.points, colour) : []), values, ...(smoothed ? [trend] : [])];
}

export function chartDatasets(
  lines: readonly ChartLine[],
  colours: ChartColours,
  options: DatasetOptions,
): Dataset[] {
  return lines.flatMap((line) => datasetsOf(line, colours, options));
}
