import type { ChartLine } from './points.ts';

/** A file of the chart's points as they are shown: extremes and trend of each beside its value. */
export function chartCsv(lines: readonly ChartLine[], axis: string): string {
  const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = lines.flatMap(({ label, points }) =>
    points.map(({ x, y, low, high, smooth, step }) =>
      [quoted(label), step ?? x, x, y, low ?? y, high ?? y, smooth ?? ''].join(','),
    ),
  );
  return [`line,step,${axis},value,minimum,maximum,smoothed`, ...rows, ''].join('\r\n');
}
