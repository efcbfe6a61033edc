// What can be said of results that differ by chance: the same on a page, in a sentence of the host, on a terminal.

export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** Of a sample; 0 of one value. */
  readonly deviation: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0 };
}

const mostSplits = 200_000;
/** A test that could not go below this whatever the values say nothing. */
export const unlikely = 0.05;

/** How many ways there are to choose k of n. */
function choices(n: number, k: number): number {
  let result = 1;
  for (let index = 1; index <= k; index++) result = (result * (n - k + index)) / index;
  return Math.round(result);
}

/**
 * How often chance alone would set two groups apart at least this far: the exact permutation test over all ways to deal
 * the values out again, two-sided. Needs no assumption about how they are spread.
 * @returns null where the groups are too small for any difference to be unlikely, or there are too many ways to count
 */
export function chanceOfDifference(first: readonly number[], second: readonly number[]): number | null {
  const all = [...first, ...second];
  const splits = choices(all.length, first.length);
  const farthest = first.length === second.length ? 2 : 1;
  if (farthest / splits > unlikely || splits > mostSplits) return null;
  const total = all.reduce((sum, value) => sum + value, 0);
  const distance = (sum: number) => Math.abs(sum / first.length - (total - sum) / second.length);
  const found = distance(first.reduce((sum, value) => sum + value, 0));
  // Sums in another order differ in their last digits.
  const enough = found * (1 - 1e-9) - 1e-12;
  let ways = 0;
  let asFar = 0;
  const deal = (from: number, left: number, sum: number): void => {
    if (left === 0) {
      ways++;
      if (distance(sum) >= enough) asFar++;
      return;
    }
    for (let index = from; index <= all.length - left; index++)
      deal(index + 1, left - 1, sum + (all[index] ?? 0));
  };
  deal(0, first.length, 0);
  return asFar / ways;
}
