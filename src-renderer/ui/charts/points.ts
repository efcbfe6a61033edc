export interface Point {
  x: number;
  y: number;
  /** Extremes of what this point stands for, where that is more than itself. */
  low?: number;
  high?: number;
  /** The moving average up to here. */
  smooth?: number;
  /** Where x is not the step. */
  step?: number;
}

/** The looks of a part of the data, the same in every chart; or a look of its own where a chart has many lines alike. */
export type LineTone =
  'train' | 'validation' | 'test' | 'watch' | { readonly colour: string; readonly dash: readonly number[] };

export interface ChartLine {
  key: string;
  label: string;
  tone: LineTone;
  points: readonly Point[];
  /** Points that stand behind those drawn; as many when left out. */
  totalPoints?: number | undefined;
  /** Taken over from another run, as the beginning of the line of the same tone. */
  inherited?: boolean;
}

/** Something that happened at a place: drawn over the chart. */
export interface ChartMark {
  readonly x: number;
  readonly text: string;
  readonly kind: 'change' | 'restart';
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

/** The bounds of the values between two quantiles, so that a few wild ones do not flatten all others. */
export function ordinaryRange(
  values: readonly number[],
  share = 0.02,
): { minimum: number; maximum: number } | undefined {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const at = (quantile: number) => sorted[Math.round(quantile * (sorted.length - 1))];
  const [minimum, maximum] = [at(share), at(1 - share)];
  return minimum === undefined || maximum === undefined ? undefined : { minimum, maximum };
}

/** The index of the point nearest to a place; points stand in rising order. */
export function nearestIndex(points: readonly Point[], x: number): number | undefined {
  if (points.length === 0) return undefined;
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.x ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [points[low - 1], points[low]];
  return before && after && x - before.x < after.x - x ? low - 1 : low;
}

/** What a line says at a place; nothing where another stretch of the same line is nearer to it. */
export function valueNear(line: ChartLine, lines: readonly ChartLine[], x: number): number | undefined {
  const near = ({ points }: ChartLine) => points[nearestIndex(points, x) ?? -1];
  const point = near(line);
  if (!point) return undefined;
  const distance = Math.abs(point.x - x);
  const nearer = lines.some((other) => {
    if (other === line || other.tone !== line.tone) return false;
    const theirs = near(other);
    return theirs !== undefined && Math.abs(theirs.x - x) < distance;
  });
  return nearer ? undefined : point.y;
}

/** Breaks a line where a run was taken up again: after these places a new segment begins. */
export function breakAt(points: readonly Point[], breaks: readonly number[]): Point[] {
  if (breaks.length === 0) return [...points];
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    const broken = before && breaks.some((place) => before.x <= place && place < point.x);
    return broken ? [{ x: before.x, y: Number.NaN }, point] : [point];
  });
}
