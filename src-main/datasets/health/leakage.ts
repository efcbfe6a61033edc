import type { Split } from '../../contract/datasets.ts';

/** Of groups of duplicates, those with rows in more than one split: what a model is tested on, it has seen. */
export function findLeakage(groups: readonly (readonly number[])[], splits: readonly Split[]): number[][] {
  return groups.filter((rows) => new Set(rows.map((row) => splits[row])).size > 1).map((rows) => [...rows]);
}
