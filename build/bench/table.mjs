/** The figures as people read them. */

/** @typedef {import('./figures.mjs').RowFigures} RowFigures */
/** @typedef {import('./figures.mjs').DuelFigures} DuelFigures */
/** @typedef {import('./rows.mjs').Reach} Reach */

const missing = '–';

/** @param {number | null | undefined} value @param {(value: number) => string} write */
const show = (value, write) => (value == null || Number.isNaN(value) ? missing : write(value));

/** @param {number | null | undefined} bytes */
export const gibibytes = (bytes) => show(bytes, (value) => `${(value / 2 ** 30).toFixed(2)} GiB`);

/** @param {number | null | undefined} value */
const times = (value) => show(value, (ratio) => `${ratio.toFixed(2)}×`);

/** @param {number | null | undefined} share */
const percent = (share) => show(share, (value) => `${(value * 100).toFixed(value < 0.001 ? 3 : 1)} %`);

/** @param {number | null | undefined} rate */
const perSecond = (rate) => show(rate, (value) => value.toFixed(value < 10 ? 2 : 0));

/** @param {DuelFigures} duel */
function spread({ ratio, ratios }) {
  if (ratio === null) return missing;
  return `${times(ratio)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
}

const columns = [
  'Row',
  'Precision',
  'Tokens/s',
  'Reference',
  'Ratio (least–most)',
  'Wanted',
  'Peak memory',
  'Reference',
  'Wanted',
  'Share of peak',
  'Loss',
  'Difference',
];

/** The most memory a row may take. @param {Reach} reach */
function wantedMemory({ memory, memoryBytes }) {
  if (memory !== undefined) return `≤ ${memory}×`;
  return memoryBytes === undefined ? missing : `≤ ${gibibytes(memoryBytes)}`;
}

/** @param {DuelFigures | null} duel @param {'fp32' | 'bf16'} name @param {Reach} reach @param {string} row */
function lineOf(duel, name, reach, row) {
  if (duel === null) return [];
  const { own, reference } = duel;
  return [
    [
      row,
      name,
      perSecond(own.tokensPerSecond),
      perSecond(reference?.tokensPerSecond),
      spread(duel),
      show(reach[name], (value) => `${value}×`),
      gibibytes(own.peakMemoryBytes),
      gibibytes(reference?.peakMemoryBytes),
      wantedMemory(reach),
      percent(own.utilisation),
      show(own.loss, (value) => value.toFixed(4)),
      percent(duel.lossDifference === null ? null : Math.abs(duel.lossDifference)),
    ],
  ];
}

/** @param {string[]} cells */
const markdownLine = (cells) => `| ${cells.join(' | ')} |`;

/**
 * @param {RowFigures[]} rows @param {Record<string, Reach>} reach by row
 * @returns {string} a Markdown table
 */
export function writeTable(rows, reach) {
  const lines = rows.flatMap(({ row, fp32, bf16 }) => [
    ...lineOf(fp32, 'fp32', reach[row] ?? {}, row),
    ...lineOf(bf16, 'bf16', reach[row] ?? {}, row),
  ]);
  return [markdownLine(columns), markdownLine(columns.map(() => '---')), ...lines.map(markdownLine)].join(
    '\n',
  );
}

/** Says what the table's letters mean, when else a row was measured, and what could not be. @param {RowFigures[]} rows */
export function writeLegend(rows, /** @type {string} */ newest) {
  const line = (/** @type {RowFigures} */ { row, title, note, measuredAt }) =>
    [
      `- **${row}**: ${title}.`,
      ...(measuredAt === newest ? [] : [`Measured ${measuredAt}.`]),
      ...(note === undefined ? [] : [note]),
    ].join(' ');
  return rows.map(line).join('\n');
}
