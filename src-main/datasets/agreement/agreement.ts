/** Measures of agreement between people, or rounds, who labelled the same rows. */

/** Share of rows two people gave the same label. */
export function rawAgreement(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0) return Number.NaN;
  return one.filter((label, row) => label === other[row]).length / one.length;
}

function countLabels(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** Agreement beyond chance; 1 where both always say the same single label. */
function beyondChance(observed: number, expected: number): number {
  return expected === 1 ? 1 : (observed - expected) / (1 - expected);
}

/**
 * Cohen's kappa for two people. Cohen, A coefficient of agreement for nominal scales,
 * https://doi.org/10.1177/001316446002000104
 */
export function cohenKappa(one: readonly string[], other: readonly string[]): number {
  const [first, second] = [countLabels(one), countLabels(other)];
  let expected = 0;
  for (const [label, count] of first)
    expected += (count / one.length) * ((second.get(label) ?? 0) / other.length);
  return beyondChance(rawAgreement(one, other), expected);
}

/**
 * Fleiss' kappa for rows that each got the same number of labels, whoever gave them. Fleiss, Measuring nominal scale
 * agreement among many raters, https://doi.org/10.1037/h0031619
 * @param ratings the labels of each row
 */
export function fleissKappa(ratings: readonly (readonly string[])[]): number {
  const raters = ratings[0]?.length ?? 0;
  if (raters < 2 || ratings.some((row) => row.length !== raters)) return Number.NaN;
  const totals = new Map<string, number>();
  let observed = 0;
  for (const row of ratings) {
    let agreeing = 0;
    for (const [label, count] of countLabels(row)) {
      agreeing += count * (count - 1);
      totals.set(label, (totals.get(label) ?? 0) + count);
    }
    observed += agreeing / (raters * (raters - 1));
  }
  let expected = 0;
  for (const total of totals.values()) expected += (total / (ratings.length * raters)) ** 2;
  return beyondChance(observed / ratings.length, expected);
}

export type Difference = 'nominal' | 'ordinal' | 'interval';

/** Squared distance between two values, by their places in the ordered list of values and how often each occurs. */
function createDistance(
  kind: Difference,
  values: readonly string[],
  totals: readonly number[],
): (one: number, other: number) => number {
  if (kind === 'interval') return (one, other) => (Number(values[one]) - Number(values[other])) ** 2;
  if (kind === 'nominal') return (one, other) => (one === other ? 0 : 1);
  return (one, other) => {
    const [low, high] = [Math.min(one, other), Math.max(one, other)];
    let between = 0;
    for (let index = low; index <= high; index++) between += totals[index] ?? 0;
    return (between - ((totals[low] ?? 0) + (totals[high] ?? 0)) / 2) ** 2;
  };
}

/**
 * Krippendorff's alpha for any number of people, some of whom left rows out. Krippendorff, Computing Krippendorff's
 * Alpha-Reliability, https://repository.upenn.edu/asc_papers/43
 * @param ratings the labels of each row, as many as it got
 * @param kind what the labels are: names, ranks, or numbers; the latter two are written as numbers
 */
export function krippendorffAlpha(
  ratings: readonly (readonly string[])[],
  kind: Difference = 'nominal',
): number {
  const pairable = ratings.filter((row) => row.length > 1);
  const values = [...new Set(pairable.flat())];
  if (kind !== 'nominal') values.sort((one, other) => Number(one) - Number(other));
  const places = new Map(values.map((value, index) => [value, index]));
  const size = values.length;
  /** Coincidences of values within rows, `[values × values]`. */
  const together = new Float64Array(size * size);
  for (const row of pairable) {
    row.forEach((one, first) => {
      row.forEach((other, second) => {
        if (first === second) return;
        const cell = (places.get(one) ?? 0) * size + (places.get(other) ?? 0);
        together[cell] = (together[cell] ?? 0) + 1 / (row.length - 1);
      });
    });
  }
  const totals = values.map((_, one) =>
    values.reduce((sum, _value, other) => sum + (together[one * size + other] ?? 0), 0),
  );
  const all = totals.reduce((sum, total) => sum + total, 0);
  const distance = createDistance(kind, values, totals);
  let observed = 0;
  let expected = 0;
  for (let one = 0; one < size; one++) {
    for (let other = 0; other < size; other++) {
      const apart = distance(one, other);
      observed += (together[one * size + other] ?? 0) * apart;
      expected += ((totals[one] ?? 0) * (totals[other] ?? 0) * apart) / (all - 1);
    }
  }
  return expected === 0 ? (size === 0 ? Number.NaN : 1) : 1 - observed / expected;
}
