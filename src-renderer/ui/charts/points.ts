export interface Point {
  x: number;
  y: number;
}

/** The looks of a split, the same in every chart; or a look of its own where a chart has many lines alike. */
export type LineTone =
  'train' | 'validation' | 'test' | { readonly colour: string; readonly dash: readonly number[] };

export interface ChartLine {
  key: string;
  label: string;
  tone: LineTone;
  points: readonly Point[];
}

export interface LineSummary {
  first: number;
  last: number;
  minimum: number;
  maximum: number;
}

export function summarise(points: readonly Point[]): LineSummary | undefined {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return undefined;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const { y } of points) {
    if (y < minimum) minimum = y;
    if (y > maximum) maximum = y;
  }
  return { first: first.y, last: last.y, minimum, maximum };
}

/** The rows of a chart's table twin: every step that has a value, thinned evenly, first and last always kept. */
export function tableRows(
  lines: readonly ChartLine[],
  maximumRows: number,
): { step: number; values: (number | undefined)[] }[] {
  const byStep = new Map<number, (number | undefined)[]>();
  for (const [index, line] of lines.entries()) {
    for (const { x, y } of line.points) {
      const row = byStep.get(x) ?? Array.from<number | undefined>({ length: lines.length });
      row[index] = y;
      byStep.set(x, row);
    }
  }
  const rows = [...byStep].map(([step, values]) => ({ step, values })).sort((a, b) => a.step - b.step);
  if (rows.length <= maximumRows) return rows;
  // Rare values (one validation per epoch) would vanish in an even sample: rows that have one always stay.
  const rarest = Math.max(...lines.map(({ points }) => points.length));
  const isRare = (values: readonly (number | undefined)[]) =>
    values.some((value, index) => value !== undefined && (lines[index]?.points.length ?? 0) * 4 < rarest);
  const stride = (rows.length - 1) / Math.max(1, maximumRows - 1);
  const even = new Set(Array.from({ length: maximumRows }, (_, index) => Math.round(index * stride)));
  return rows.filter((row, index) => even.has(index) || isRare(row.values));
}

/** A little room above and below the data, but not below zero or above 100 % where the data does not go there. */
export function withRoom(minimum: number, maximum: number, shares: boolean): { min: number; max: number } {
  const room = (maximum - minimum || Math.abs(maximum) || 1) * 0.06;
  return {
    min: minimum >= 0 ? Math.max(0, minimum - room) : minimum - room,
    max: shares && maximum <= 1 ? Math.min(1, maximum + room) : maximum + room,
  };
}

const smoothing = 0.9;

/** The exponential moving average, corrected so that it starts at the first value instead of at zero. */
export function smooth(points: readonly Point[]): Point[] {
  let average = 0;
  let weight = 0;
  return points.map(({ x, y }) => {
    if (!Number.isFinite(y)) return { x, y };
    average = smoothing * average + (1 - smoothing) * y;
    weight = smoothing * weight + (1 - smoothing);
    return { x, y: average / weight };
  });
}

/** Adds a live point; a run that went back to a checkpoint replaces what came after it. */
export function appendPoint(points: Point[], point: Point): void {
  while (points.length > 0 && (points.at(-1)?.x ?? 0) >= point.x) points.pop();
  points.push(point);
}

/** Halves a long live series by keeping every second point; the newest stays. */
export function thinOut(points: Point[], maximum: number): Point[] {
  if (points.length <= maximum) return points;
  return points.filter((_, index) => (points.length - 1 - index) % 2 === 0);
}
