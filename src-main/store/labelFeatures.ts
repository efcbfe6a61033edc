import { type RecordStatus, answerSchema, recordStatusSchema } from '../contract/labels.ts';
import type { StoreDatabase } from './database.ts';
import { type LabellingKey, type RecordColumns, readStored } from './labelRecords.ts';
import type { FeaturedRecord, StoredRecord } from './labelTypes.ts';

interface FeatureColumns {
  number: number;
  feature: string;
  status: string;
  answer: string | null;
}

/** Which records have features in the cache of a model, and under which names. */
export function createFeatures(database: StoreDatabase) {
  const missing = database.prepare<[number, string, number], RecordColumns>(
    `SELECT r.* FROM labelRecords r INDEXED BY labelRecordsShuffled
     WHERE r.labelling = ? AND r.status = ? AND r.deleted = 0
       AND NOT EXISTS (SELECT 1 FROM labelFeatures f WHERE f.labelling = r.labelling AND f.number = r.number)
     ORDER BY r.shuffled LIMIT ?`,
  );
  const insert = database.prepare<[number, number, string]>(
    'INSERT OR REPLACE INTO labelFeatures (labelling, number, feature) VALUES (?, ?, ?)',
  );
  const all = database.prepare<[number], FeatureColumns>(
    `SELECT f.number, f.feature, r.status, r.answer FROM labelFeatures f
     CROSS JOIN labelRecords r ON r.labelling = f.labelling AND r.number = f.number
     WHERE f.labelling = ? AND r.deleted = 0 ORDER BY f.number`,
  );
  const clear = database.prepare<[number]>('DELETE FROM labelFeatures WHERE labelling = ?');

  return {
    missing: (labelling: LabellingKey, status: RecordStatus, limit: number): StoredRecord[] =>
      missing.all(labelling.key, status, limit).map(readStored),
    save(labelling: LabellingKey, features: readonly { number: number; feature: string }[]): void {
      database.transaction(() => {
        for (const { number, feature } of features) insert.run(labelling.key, number, feature);
      });
    },
    all: (labelling: LabellingKey): FeaturedRecord[] =>
      all.all(labelling.key).map(({ number, feature, status, answer }) => ({
        number,
        feature,
        status: recordStatusSchema.parse(status),
        answer: answer === null ? null : answerSchema.parse(JSON.parse(answer)),
      })),
    clear: (labelling: LabellingKey) => void clear.run(labelling.key),
  };
}
