import type { ChartOptions } from 'chart.js';
import { type Band, bandLimits } from './bands.ts';
import type { ChartColours } from './lineLook.ts';
import type { Range } from './chartView.svelte.ts';
import { type ChartLine, ordinaryRange, withRoom } from './points.ts';

export interface ChartLook {
  format(value: number): string;
  formatTick(value: number, span: number): string;
  formatPlace(value: number): string;
  readonly colours: ChartColours;
  readonly shares: boolean;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly ignoreOutliers: boolean;
  /** Steps and tokens, which begin at nothing; times of day do not. */
  readonly fromZero: boolean;
  readonly range: Range | undefined;
  readonly lines: readonly ChartLine[];
  readonly bands: readonly Band[];
}

/** What the values in view span; a few wild ones left out where that is wanted. */
export function valueRange(look: Pick<ChartLook, 'lines' | 'range' | 'ignoreOutliers'>) {
  if (!look.ignoreOutliers) return undefined;
  const { range } = look;
  const values = look.lines.flatMap(({ points }) =>
    points.flatMap(({ x, y }) => (!range || (x >= range.from && x <= range.to) ? [y] : [])),
  );
  return ordinaryRange(values);
}

/** No animation and no parsing: a chart of a long run must not slow the window down. */
export function chartOptions(look: ChartLook): ChartOptions<'line'> {
  const { colours, shares, range } = look;
  const font = { family: getComputedStyle(document.body).fontFamily, size: 11 };
  const ticks = { color: colours.text, font, maxRotation: 0, autoSkipPadding: 24 };
  const ordinary = valueRange(look);
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    scales: {
      x: {
        type: look.logX ? 'logarithmic' : 'linear',
        bounds: 'data',
        ...(range ? { min: range.from, max: range.to } : look.fromZero && !look.logX ? { min: 0 } : {}),
        grid: { display: false },
        border: { color: colours.grid },
        // The last value would get a label of its own, over the one before it.
        afterBuildTicks: (axis) => {
          if (look.logX) return;
          const step = (axis.ticks[2]?.value ?? 1) - (axis.ticks[1]?.value ?? 0);
          if (step > 0) {
            const isRound = (value: number) => Math.abs(value / step - Math.round(value / step)) < 1e-6;
            axis.ticks = axis.ticks.filter(({ value }) => isRound(value));
          }
        },
        ticks: { ...ticks, callback: (value) => look.formatPlace(Number(value)) },
      },
      y: {
        type: look.logY ? 'logarithmic' : 'linear',
        ...(ordinary ? withRoom(ordinary.minimum, ordinary.maximum, shares) : {}),
        afterDataLimits: (axis) => {
          if (ordinary) return;
          const { min = -Infinity, max = Infinity } = axis.chart.options.scales?.['x'] ?? {};
          const band = bandLimits(look.bands, Number(min), Number(max));
          const limits = { min: Math.min(axis.min, band.min), max: Math.max(axis.max, band.max) };
          Object.assign(axis, look.logY ? limits : withRoom(limits.min, limits.max, shares));
        },
        grid: { color: colours.grid },
        border: { display: false },
        ticks: {
          ...ticks,
          maxTicksLimit: 6,
          callback: (value, _index, all) =>
            look.formatTick(Number(value), (all.at(-1)?.value ?? 0) - (all[0]?.value ?? 0)),
        },
      },
    },
    plugins: {
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
          title: (items) => look.formatPlace(items[0]?.parsed.x ?? 0),
          label: (item) => `${item.dataset.label ?? ''}: ${look.format(item.parsed.y ?? Number.NaN)}`,
        },
      },
    },
  };
}
