import { z } from 'zod';
import { type Fields, splitSchema, textFields, textOf } from '../contract/datasets.ts';
import { type LabelRecord, answerSchema, labelsOf, recordStatusSchema } from '../contract/labels.ts';
import type { StoreDatabase } from './database.ts';
import type { FacetChanges } from './labelFacets.ts';
import type { LabellingHead, NewLabelRecord, RecordValues, StoredRecord } from './labelTypes.ts';
import { pairTokens } from './substrings.ts';

export interface RecordColumns {
  key: number;
  number: number;
  status: string;
  split: string;
  fields: string;
  answer: string | null;
  suggestion: string | null;
  score: number | null;
  flagged: number;
  note: string | null;
  length: number;
  deleted: number;
  margin: number | null;
  entropy: number | null;
  place: number | null;
  belief: number | null;
}

/** The labelling as records need it. */
export interface LabellingKey {
  readonly key: number;
  readonly columns: LabellingHead['columns'];
  readonly seed: number;
}

const fieldsSchema = z.record(z.string(), z.json());
const readAnswer = (text: string | null) => (text === null ? null : answerSchema.parse(JSON.parse(text)));

export function readStored(row: RecordColumns): StoredRecord {
  return {
    number: row.number,
    status: recordStatusSchema.parse(row.status),
    split: splitSchema.parse(row.split),
    fields: fieldsSchema.parse(JSON.parse(row.fields)),
    answer: readAnswer(row.answer),
    suggestion: readAnswer(row.suggestion),
    score: row.score,
    flagged: row.flagged === 1,
    note: row.note,
    deleted: row.deleted === 1,
  };
}

export function readShown(row: RecordColumns): LabelRecord {
  const stored = readStored(row);
  return { ...stored, fields: textFields(stored.fields), length: row.length };
}

/** What a record shows, as one text. */
function shownText(fields: Fields, columns: LabellingHead['columns']): string {
  return columns.content.map((column) => textOf(fields[column])).join('\n');
}

/** A place in the random order: the same for the same seed and number, even over all of them (a 32-bit finaliser). */
function shuffledPlace(seed: number, number: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 15)) >>> 0;
}

const writeJson = (value: unknown) => (value === null ? null : JSON.stringify(value));

/** Writes single records together with what is derived from them: marks, the text index, counts. */
export function createRecordWriter(database: StoreDatabase) {
  const insert = database.prepare<(string | number | null)[]>(
    `INSERT INTO labelRecords (labelling, number, status, split, fields, answer, suggestion, length, shuffled)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare<(string | number | null)[]>(
    `UPDATE labelRecords SET status = ?, split = ?, fields = ?, answer = ?, suggestion = ?, score = ?, flagged = ?,
       note = ?, length = ?, deleted = ? WHERE key = ?`,
  );
  const mark = database.prepare<[number, string, string, number]>(
    'INSERT OR IGNORE INTO labelMarks (labelling, source, label, number) VALUES (?, ?, ?, ?)',
  );
  const unmark = database.prepare<[number, string, string, number]>(
    'DELETE FROM labelMarks WHERE labelling = ? AND source = ? AND label = ? AND number = ?',
  );
  const index = database.prepare<[number, string]>('INSERT INTO labelTexts (rowid, text) VALUES (?, ?)');
  const forgetFeature = database.prepare<[number, number]>(
    'DELETE FROM labelFeatures WHERE labelling = ? AND number = ?',
  );
  const reindex = database.prepare<[string, number]>('UPDATE labelTexts SET text = ? WHERE rowid = ?');

  const marksOf = (record: Pick<RecordValues, 'answer' | 'suggestion'>): [string, string][] => [
    ...labelsOf(record.answer).map((label): [string, string] => ['answer', label]),
    ...labelsOf(record.suggestion).map((label): [string, string] => ['suggestion', label]),
  ];

  /** Brings marks and counts from one state of a record to another. */
  function remark(
    labelling: LabellingKey,
    before: StoredRecord,
    after: StoredRecord,
    changes: FacetChanges,
  ): void {
    if (before.answer !== after.answer || before.suggestion !== after.suggestion) {
      for (const [source, label] of marksOf(before)) unmark.run(labelling.key, source, label, before.number);
      for (const [source, label] of marksOf(after)) mark.run(labelling.key, source, label, after.number);
    }
    changes.add(before, -1);
    changes.add(after, 1);
  }

  return {
    insert(labelling: LabellingKey, number: number, record: NewLabelRecord, changes: FacetChanges): void {
      const text = shownText(record.fields, labelling.columns);
      const { lastKey } = insert.run(
        labelling.key,
        number,
        record.status,
        record.split,
        JSON.stringify(record.fields),
        writeJson(record.answer),
        writeJson(record.suggestion),
        text.length,
        shuffledPlace(labelling.seed, number),
      );
      index.run(lastKey, pairTokens(text));
      for (const [source, label] of marksOf(record)) mark.run(labelling.key, source, label, number);
      changes.add({ ...record, score: null, flagged: false, note: null, deleted: false }, 1);
    },

    update(
      labelling: LabellingKey,
      key: number,
      before: StoredRecord,
      after: StoredRecord,
      changes: FacetChanges,
    ): void {
      const text = shownText(after.fields, labelling.columns);
      update.run(
        after.status,
        after.split,
        JSON.stringify(after.fields),
        writeJson(after.answer),
        writeJson(after.suggestion),
        after.score,
        Number(after.flagged),
        after.note,
        text.length,
        Number(after.deleted),
        key,
      );
      if (before.fields !== after.fields) {
        reindex.run(pairTokens(text), key);
        forgetFeature.run(labelling.key, before.number);
      }
      remark(labelling, before, after, changes);
    },
    remark,
  };
}
export type RecordWriter = ReturnType<typeof createRecordWriter>;
