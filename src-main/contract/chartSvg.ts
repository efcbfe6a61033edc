/** A chart as a drawing that any browser, report or document shows. */
export interface SvgChart {
  readonly title: string;
  readonly xTitle: string;
  readonly lines: readonly SvgLine[];
  readonly logX?: boolean;
  readonly logY?: boolean;
}
export interface SvgLine {
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
  /** In rising order of x; a y that is no number breaks the line. */
  readonly points: readonly { x: number; y: number; low?: number; high?: number }[];
}

/** How lines are dashed that a run took over from another one. */
export const inheritedDash: readonly number[] = [1, 3];

const size = { width: 640, height: 320, left: 64, right: 16, top: 40, bottom: 56 };

/** Round numbers across a range, about as many as asked for. */
export function roundTicks(minimum: number, maximum: number, wanted = 5): number[] {
  const span = maximum - minimum;
  if (!(span > 0)) return [minimum];
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough;
  const first = Math.ceil(minimum / step);
  const count = Math.floor(maximum / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

function powersOfTen(minimum: number, maximum: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(minimum)), Math.floor(Math.log10(maximum))];
  const powers = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index));
  return powers.length > 1 ? powers : [minimum, maximum];
}

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const short = (value: number) =>
  Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(1)
    : String(Number(value.toPrecision(4)));

interface Scale {
  readonly ticks: readonly number[];
  place(value: number): number;
}

function makeScale(
  values: readonly number[],
  pixels: { from: number; to: number },
  logarithmic: boolean,
): Scale {
  const known = values.filter((value) => Number.isFinite(value) && (!logarithmic || value > 0));
  let minimum = known.reduce((least, value) => Math.min(least, value), Infinity);
  let maximum = known.reduce((most, value) => Math.max(most, value), -Infinity);
  if (known.length === 0) [minimum, maximum] = logarithmic ? [1, 10] : [0, 1];
  if (minimum === maximum)
    [minimum, maximum] = logarithmic ? [minimum / 2, maximum * 2] : [minimum - 0.5, maximum + 0.5];
  const along = logarithmic ? Math.log10 : (value: number) => value;
  const [first, last] = [along(minimum), along(maximum)];
  return {
    ticks: logarithmic ? powersOfTen(minimum, maximum) : roundTicks(minimum, maximum),
    place: (value) => pixels.from + ((along(value) - first) / (last - first)) * (pixels.to - pixels.from),
  };
}

/** Points as the commands of an SVG path, in pixels with one digit; broken where a value is missing. */
function pathOf(points: readonly { x: number; y: number }[]): string {
  let broken = true;
  return points
    .map(({ x, y }) => {
      if (!Number.isFinite(x) || !Number.isFinite(y)) {
        broken = true;
        return '';
      }
      const command = `${broken ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
      broken = false;
      return command;
    })
    .join('');
}

function drawLine({ colour, dash, points }: SvgLine, x: Scale, y: Scale): string {
  const banded = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  const edge = (pick: (point: SvgLine['points'][number]) => number) =>
    banded.map((point) => ({ x: x.place(point.x), y: y.place(pick(point)) }));
  const outline = [
    ...edge(({ high, y: value }) => high ?? value),
    ...edge(({ low, y: value }) => low ?? value).reverse(),
  ];
  const band =
    banded.length > 1 ? `<path d="${pathOf(outline)}Z" fill="${colour}" fill-opacity="0.15"/>` : '';
  const line = pathOf(points.map((point) => ({ x: x.place(point.x), y: y.place(point.y) })));
  return `${band}<path d="${line}" fill="none" stroke="${colour}" stroke-width="1.75" stroke-dasharray="${dash.join(' ')}"/>`;
}

/** Draws a chart with axes, ticks and a legend, on white, without scripts or outer files. */
export function drawChart({ title, xTitle, lines, logX = false, logY = false }: SvgChart): string {
  const { width, height, left, right, top, bottom } = size;
  const all = lines.flatMap(({ points }) => points);
  const x = makeScale(
    all.map((point) => point.x),
    { from: left, to: width - right },
    logX,
  );
  const values = all.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]);
  const y = makeScale(values, { from: height - bottom, to: top }, logY);
  const xTicks = x.ticks.map(
    (tick) =>
      `<text x="${x.place(tick).toFixed(1)}" y="${height - bottom + 16}" text-anchor="middle">${short(tick)}</text>`,
  );
  const yTicks = y.ticks.map((tick) => {
    const at = y.place(tick).toFixed(1);
    return `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="#e6e8ed"/><text x="${left - 8}" y="${at}" dy="4" text-anchor="end">${short(tick)}</text>`;
  });
  const legend = lines.map(({ label, colour, dash }, index) => {
    const at = left + (index % 3) * ((width - left) / 3);
    const line = height - 20 + Math.floor(index / 3) * 14;
    return `<line x1="${at}" x2="${at + 18}" y1="${line - 4}" y2="${line - 4}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash.join(' ')}"/><text x="${at + 24}" y="${line}">${escape(label)}</text>`;
  });
  const tall = height + Math.max(0, Math.ceil(lines.length / 3) - 1) * 14;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${tall}" width="${width}" height="${tall}" role="img" font-family="system-ui, sans-serif" font-size="11" fill="#4b5563">`,
    `<title>${escape(title)}</title><rect width="${width}" height="${tall}" fill="#ffffff"/>`,
    `<text x="${left}" y="22" font-size="14" font-weight="600" fill="#111827">${escape(title)}</text>`,
    ...yTicks,
    ...xTicks,
    `<text x="${width - right}" y="${height - bottom + 30}" text-anchor="end">${escape(xTitle)}</text>`,
    ...lines.map((line) => drawLine(line, x, y)),
    ...legend,
    '</svg>',
  ].join('\n');
}
