import type { Fields, Split } from '../../contract/datasets.ts';

export interface VersionRecord {
  readonly split: Split;
  readonly fields: Fields;
}

/** One row that differs; rows count from 1 in their version. */
export type RowChange =
  | { readonly kind: 'added'; readonly row: number; readonly record: VersionRecord }
  | { readonly kind: 'removed'; readonly row: number; readonly record: VersionRecord }
  | {
      readonly kind: 'changed';
      /** In the older version. */
      readonly row: number;
      readonly newRow: number;
      readonly before: VersionRecord;
      readonly after: VersionRecord;
      /** Names of the columns whose values differ; `split` is not among them. */
      readonly columns: readonly string[];
    };

/** One spelling of a value whatever order its keys have. */
function keyOf(fields: Fields): string {
  return JSON.stringify(
    Object.keys(fields)
      .sort()
      .map((name) => [name, fields[name]]),
  );
}

function differingColumns(before: Fields, after: Fields): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/**
 * What changed from one version to another, row by row, in the newer version's order. A row is known again by its
 * content; where that changed, by standing between the same neighbours.
 */
export function diffRecords(older: readonly VersionRecord[], newer: readonly VersionRecord[]): RowChange[] {
  const olderRows = new Map<string, number[]>();
  older.forEach(({ fields }, index) => {
    const key = keyOf(fields);
    const rows = olderRows.get(key);
    if (rows === undefined) olderRows.set(key, [index]);
    else rows.push(index);
  });
  for (const rows of olderRows.values()) rows.reverse();
  const partners = new Int32Array(newer.length).fill(-1);
  const taken = new Uint8Array(older.length);
  newer.forEach(({ fields }, index) => {
    const partner = olderRows.get(keyOf(fields))?.pop();
    if (partner === undefined) return;
    partners[index] = partner;
    taken[partner] = 1;
  });
  // A new row takes the place of the old one that follows the same neighbour and has no partner of its own.
  for (let index = 0; index < newer.length; index++) {
    if (partners[index] !== -1) continue;
    const candidate = index === 0 ? 0 : (partners[index - 1] ?? -1) + 1;
    if (candidate >= older.length || taken[candidate] === 1 || (index > 0 && partners[index - 1] === -1))
      continue;
    partners[index] = candidate;
    taken[candidate] = 1;
  }
  const changes: RowChange[] = [];
  newer.forEach((after, index) => {
    const partner = partners[index] ?? -1;
    const before = older[partner];
    if (before === undefined) {
      changes.push({ kind: 'added', row: index + 1, record: after });
      return;
    }
    const columns = differingColumns(before.fields, after.fields);
    if (columns.length === 0 && before.split === after.split) return;
    changes.push({ kind: 'changed', row: partner + 1, newRow: index + 1, before, after, columns });
  });
  older.forEach((record, index) => {
    if (taken[index] !== 1) changes.push({ kind: 'removed', row: index + 1, record });
  });
  return changes;
}
