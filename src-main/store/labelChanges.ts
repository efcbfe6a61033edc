import type { LabelRecord } from '../contract/labels.ts';
import type { StoreDatabase } from './database.ts';
import { FacetChanges, type FacetCounts } from './labelFacets.ts';
import type { RecordPatch } from './labelHistory.ts';
import {
  type LabellingKey,
  type RecordColumns,
  type RecordWriter,
  readShown,
  readStored,
} from './labelRecords.ts';
import type { StoredRecord } from './labelTypes.ts';

/** So many changed records come back with an action; who needs more reads the page again. */
const shownRecords = 200;

const patchKeys = [
  'status',
  'split',
  'fields',
  'answer',
  'suggestion',
  'score',
  'flagged',
  'note',
  'deleted',
] as const;

/** The values of `record` under the names that a patch has. */
function valuesUnder(patch: RecordPatch, record: StoredRecord): RecordPatch {
  return Object.fromEntries(patchKeys.filter((key) => key in patch).map((key) => [key, record[key]]));
}

/** What of a patch differs from the record as it is. */
function realChanges(patch: RecordPatch, record: StoredRecord): RecordPatch | undefined {
  const changed = patchKeys.filter(
    (key) => key in patch && JSON.stringify(patch[key]) !== JSON.stringify(record[key]),
  );
  if (changed.length === 0) return undefined;
  return Object.fromEntries(changed.map((key) => [key, patch[key]]));
}

interface RecordChanges {
  readonly changed: number;
  /** The first of the changed records, as they are now. */
  readonly records: LabelRecord[];
  readonly firstNumber: number | null;
}

/** Changes records with their texts and counts, in the running transaction. */
export function createRecordChanges(database: StoreDatabase, writer: RecordWriter, counts: FacetCounts) {
  const getRecord = database.prepare<[number, number], RecordColumns>(
    'SELECT * FROM labelRecords WHERE labelling = ? AND number = ?',
  );
  return {
    read(labelling: LabellingKey, number: number): StoredRecord | undefined {
      const row = getRecord.get(labelling.key, number);
      return row && readStored(row);
    },
    /** Applies what `patchOf` says to each record; `onChange` hears of those that it changed. */
    apply(
      labelling: LabellingKey,
      numbers: Iterable<number>,
      patchOf: (record: StoredRecord) => RecordPatch | undefined,
      onChange: (number: number, before: RecordPatch, after: RecordPatch) => void,
    ): RecordChanges {
      const facetChanges = new FacetChanges();
      const shown: number[] = [];
      let changed = 0;
      for (const number of numbers) {
        const row = getRecord.get(labelling.key, number);
        if (row === undefined) continue;
        const before = readStored(row);
        const patch = patchOf(before);
        const after = patch && realChanges(patch, before);
        if (after === undefined) continue;
        writer.update(labelling, row.key, before, { ...before, ...after }, facetChanges);
        onChange(number, valuesUnder(after, before), after);
        if (changed++ < shownRecords) shown.push(number);
      }
      counts.write(labelling.key, facetChanges);
      const records = shown.flatMap((number) => {
        const row = getRecord.get(labelling.key, number);
        return row === undefined ? [] : [readShown(row)];
      });
      return { changed, records, firstNumber: shown[0] ?? null };
    },
  };
}

export type RecordChanger = ReturnType<typeof createRecordChanges>;
