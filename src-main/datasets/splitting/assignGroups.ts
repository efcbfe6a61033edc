import { drawUniform } from '../splits.ts';

/** A set of rows that must stay together. */
interface Group {
  readonly rows: readonly number[];
  /** Rows by label number. */
  readonly counts: ReadonlyMap<number, number>;
  readonly draw: number;
}

const groupStream = 0x67726f75;

/** Numbers for labels, in order of appearance. */
function numberLabels(labels: readonly string[]): { numbers: Int32Array; count: number } {
  const known = new Map<string, number>();
  const numbers = Int32Array.from(labels, (label) => {
    const number = known.get(label) ?? known.size;
    known.set(label, number);
    return number;
  });
  return { numbers, count: Math.max(1, known.size) };
}

function gatherGroups(groupOf: readonly number[], labels: Int32Array, seed: number): Group[] {
  const rowsByGroup = new Map<number, number[]>();
  groupOf.forEach((group, row) => {
    const rows = rowsByGroup.get(group);
    if (rows === undefined) rowsByGroup.set(group, [row]);
    else rows.push(row);
  });
  return [...rowsByGroup.values()].map((rows, index) => {
    const counts = new Map<number, number>();
    for (const row of rows) counts.set(labels[row] ?? 0, (counts.get(labels[row] ?? 0) ?? 0) + 1);
    return { rows, counts, draw: drawUniform(seed, groupStream, index) };
  });
}

/**
 * Deals rows over parts so that each part has its share of every label as nearly as the groups allow, and no group is
 * torn apart: the largest groups first, each to the part that lacks most of what the group has; equal sizes in an order
 * drawn by the seed.
 * @param shares the parts' shares of the rows, together 1
 * @param groupOf the group of each row
 * @param labels the label of each row; all the same where there are none
 * @returns the part of each row
 */
export function assignGroups(
  shares: readonly number[],
  groupOf: readonly number[],
  labels: readonly string[],
  seed: number,
): number[] {
  const { numbers, count } = numberLabels(labels);
  const totals = new Float64Array(count);
  for (const label of numbers) totals[label] = (totals[label] ?? 0) + 1;
  /** Rows each part still lacks, in all and by label. */
  const lackingRows = shares.map((share) => share * labels.length);
  const lacking = shares.map((share) => totals.map((total) => share * total));
  const groups = gatherGroups(groupOf, numbers, seed).sort(
    (one, other) => other.rows.length - one.rows.length || one.draw - other.draw,
  );
  const parts = Array<number>(labels.length).fill(0);
  for (const { rows, counts } of groups) {
    let best = 0;
    let most = -Infinity;
    shares.forEach((share, part) => {
      if (share <= 0) return;
      let fit = (lackingRows[part] ?? 0) / (share * labels.length);
      for (const [label, held] of counts) {
        const wanted = share * (totals[label] ?? 1);
        fit += ((held / rows.length) * (lacking[part]?.[label] ?? 0)) / wanted;
      }
      if (fit <= most) return;
      best = part;
      most = fit;
    });
    for (const row of rows) parts[row] = best;
    lackingRows[best] = (lackingRows[best] ?? 0) - rows.length;
    const lacks = lacking[best];
    if (lacks !== undefined) for (const [label, held] of counts) lacks[label] = (lacks[label] ?? 0) - held;
  }
  return parts;
}

/** Groups joined wherever two ways of grouping meet in a row: near-duplicates and conversations, for instance. */
export function joinGroupings(
  rows: number,
  groupings: readonly (readonly (readonly number[])[])[],
): number[] {
  const parents = Int32Array.from({ length: rows }, (_, row) => row);
  const root = (row: number): number => {
    let at = row;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at] ?? at] ?? at;
      at = parents[at] ?? at;
    }
    return at;
  };
  for (const grouping of groupings) {
    for (const [first, ...others] of grouping) {
      if (first === undefined) continue;
      for (const other of others) parents[root(other)] = root(first);
    }
  }
  return Array.from({ length: rows }, (_, row) => root(row));
}
