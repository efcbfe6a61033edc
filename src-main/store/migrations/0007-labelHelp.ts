import type { Migration } from './migrate.ts';

/** Help while labelling: what a model says of each record, rounds that are compared, filters that are kept. */
export const migration0007: Migration = {
  version: 7,
  up(connection) {
    connection.exec(`
      -- How far the likeliest label is ahead of the next, how spread the probabilities are, the place among the most
      -- different records, and how probable the label is that a person gave.
      ALTER TABLE labelRecords ADD COLUMN margin REAL;
      ALTER TABLE labelRecords ADD COLUMN entropy REAL;
      ALTER TABLE labelRecords ADD COLUMN place REAL;
      ALTER TABLE labelRecords ADD COLUMN belief REAL;
      CREATE INDEX labelRecordsByMargin ON labelRecords (labelling, status, margin, number)
        WHERE deleted = 0 AND margin IS NOT NULL;
      CREATE INDEX labelRecordsByEntropy ON labelRecords (labelling, status, entropy, number)
        WHERE deleted = 0 AND entropy IS NOT NULL;
      CREATE INDEX labelRecordsByPlace ON labelRecords (labelling, status, place, number)
        WHERE deleted = 0 AND place IS NOT NULL;
      CREATE INDEX labelRecordsByBelief ON labelRecords (labelling, status, belief, number)
        WHERE deleted = 0 AND belief IS NOT NULL;
      CREATE INDEX labelRecordsDisagreeing ON labelRecords (labelling, number)
        WHERE deleted = 0 AND answer IS NOT NULL AND suggestion IS NOT NULL AND answer <> suggestion;
      INSERT INTO labelCounts (labelling, facet, name, count)
        SELECT labelling, 'disagreeing', '', count(*) FROM labelRecords
        WHERE deleted = 0 AND answer IS NOT NULL AND suggestion IS NOT NULL AND answer <> suggestion
        GROUP BY labelling;

      -- JSON: where suggestions come from, and the labellings whose answers are compared in this one.
      ALTER TABLE labellings ADD COLUMN help TEXT;
      ALTER TABLE labellings ADD COLUMN rounds TEXT;
      -- JSON: the labels before and after an action that changed them.
      ALTER TABLE labelActions ADD COLUMN labels TEXT;

      -- Which records have features, and under which name in the cache; gone as soon as their text changes.
      CREATE TABLE labelFeatures (
        labelling INTEGER NOT NULL REFERENCES labellings (key) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        feature TEXT NOT NULL,
        PRIMARY KEY (labelling, number)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE labelFilters (
        datasetId TEXT NOT NULL,
        name TEXT NOT NULL,
        filter TEXT NOT NULL,
        sorting TEXT NOT NULL,
        PRIMARY KEY (datasetId, name)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
