import { normalizeText } from './normalize.ts';

const tableSize = 1 << 20;
/** Fewer rows than these say nothing about what is usual. */
const fewestRows = 50;
/** How many times the usual distance from the median a row must lie off. For normally distributed values, 6 is 4 standard deviations. */
const farOff = 6;

function hashPiece(text: string, start: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < start + 3; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) & (tableSize - 1);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? 0;
}

/** Rows whose value lies far above the others', by median and median absolute deviation. */
function farAbove(values: readonly number[]): Set<number> {
  const middle = median(values);
  const spread = median(values.map((value) => Math.abs(value - middle)));
  if (spread === 0) return new Set();
  return new Set(values.flatMap((value, row) => (value > middle + farOff * spread ? [row] : [])));
}

/**
 * Rows unlike the others: much longer (by the logarithm of the length), or made of pieces of three characters that
 * hardly any other row has. The rarity of a text is the mean of −ln(rows with the piece ÷ rows).
 */
export function findOutliers(texts: readonly string[]): number[] {
  if (texts.length < fewestRows) return [];
  const rowsWith = new Uint32Array(tableSize);
  const pieces = texts.map((text) => {
    const normal = ` ${normalizeText(text)} `;
    const found = new Set<number>();
    for (let start = 0; start + 3 <= normal.length; start++) found.add(hashPiece(normal, start));
    for (const piece of found) rowsWith[piece] = (rowsWith[piece] ?? 0) + 1;
    return Uint32Array.from(found);
  });
  const rarities = pieces.map((found) => {
    let sum = 0;
    for (const piece of found) sum -= Math.log((rowsWith[piece] ?? 1) / texts.length);
    return found.length === 0 ? 0 : sum / found.length;
  });
  const strange = farAbove(rarities);
  const long = farAbove(texts.map((text) => Math.log(1 + text.length)));
  return texts.flatMap((_, row) => (strange.has(row) || long.has(row) ? [row] : []));
}
