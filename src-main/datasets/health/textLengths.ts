/** Rows without a letter or digit in their text. */
export function findEmptyTexts(texts: readonly string[]): number[] {
  return rowsWhere(texts, (text) => !/[\p{L}\p{N}\p{S}]/u.test(text));
}

/** Rows longer than a limit, in the unit the lengths are given in. */
export function findLongTexts(lengths: readonly number[], limit: number): number[] {
  return rowsWhere(lengths, (length) => length > limit);
}

/** Counts of lengths in bins of equal width up to the longest: `counts[i]` for lengths in `[i × width, (i + 1) × width)`. */
export function histogramOf(lengths: readonly number[], bins: number): { width: number; counts: number[] } {
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const width = Math.max(1, Math.ceil((longest + 1) / bins));
  const counts = Array<number>(Math.ceil((longest + 1) / width)).fill(0);
  for (const length of lengths) {
    const bin = Math.floor(length / width);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { width, counts };
}

function rowsWhere<Item>(items: readonly Item[], holds: (item: Item) => boolean): number[] {
  return items.flatMap((item, row) => (holds(item) ? [row] : []));
}
