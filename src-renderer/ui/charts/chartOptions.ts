import type { ChartOptions } from 'chart.js';
import { type LineTone, withRoom } from './points.ts';

export interface ChartColours {
  train: string;
  validation: string;
  test: string;
  grid: string;
  text: string;
  ink: string;
  canvas: string;
}

/** The colours of the current theme, as the style sheet says them. */
export function readChartColours(): ChartColours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    train: read('--chart-train'),
    validation: read('--chart-validation'),
    test: read('--chart-test'),
    grid: read('--chart-grid'),
    text: read('--ink-faint'),
    ink: read('--ink'),
    canvas: read('--canvas'),
  };
}

const dashes = { train: [], validation: [6, 3], test: [2, 2] } as const;

/** Colour and dashes of a line. */
export function lineLook(
  tone: LineTone,
  colours: ChartColours,
): { readonly colour: string; readonly dash: readonly number[] } {
  return typeof tone === 'string' ? { colour: colours[tone], dash: dashes[tone] } : tone;
}

/** No animation, no parsing, and fewer points than pixels: a long run must not slow the window down. */
export function chartOptions(
  format: (value: number) => string,
  formatTick: (value: number, span: number) => string,
  colours: ChartColours,
  shares: boolean,
): ChartOptions<'line'> {
  const font = { family: getComputedStyle(document.body).fontFamily, size: 11 };
  const ticks = { color: colours.text, font, maxRotation: 0, autoSkipPadding: 24 };
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    scales: {
      x: {
        type: 'linear',
        bounds: 'data',
        min: 0,
        grid: { display: false },
        border: { color: colours.grid },
        // The last value would get a label of its own, over the one before it.
        afterBuildTicks: (axis) => {
          const step = (axis.ticks[1]?.value ?? 1) - (axis.ticks[0]?.value ?? 0);
          axis.ticks = axis.ticks.filter(({ value }) => value % step === 0);
        },
        ticks: { ...ticks, precision: 0 },
      },
      y: {
        type: 'linear',
        afterDataLimits: (axis) => Object.assign(axis, withRoom(axis.min, axis.max, shares)),
        grid: { color: colours.grid },
        border: { display: false },
        ticks: {
          ...ticks,
          maxTicksLimit: 6,
          callback: (value, _index, all) =>
            formatTick(Number(value), (all.at(-1)?.value ?? 0) - (all[0]?.value ?? 0)),
        },
      },
    },
    plugins: {
      decimation: { enabled: true, algorithm: 'lttb', samples: 400, threshold: 800 },
      tooltip: {
        backgroundColor: colours.ink,
        titleColor: colours.canvas,
        bodyColor: colours.canvas,
        titleFont: font,
        bodyFont: font,
        padding: 8,
        cornerRadius: 6,
        filter: (item) => item.dataset.label !== '',
        callbacks: {
          label: (item) => `${item.dataset.label ?? ''}: ${format(item.parsed.y ?? Number.NaN)}`,
        },
      },
    },
  };
}
