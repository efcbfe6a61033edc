import type { Migration } from './migrate.ts';

export const migration0003: Migration = {
  version: 3,
  up(connection) {
    connection.exec(`
      -- A labelling that is not ready is still being filled, or being removed.
      CREATE TABLE labellings (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        datasetId TEXT NOT NULL,
        datasetName TEXT NOT NULL,
        task TEXT NOT NULL,
        recordKind TEXT NOT NULL,
        columns TEXT NOT NULL,
        labels TEXT NOT NULL,
        seed INTEGER NOT NULL,
        addedAt TEXT NOT NULL,
        ready INTEGER NOT NULL DEFAULT 0
      ) STRICT;

      CREATE TABLE labelRecords (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        labelling INTEGER NOT NULL REFERENCES labellings (key) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        status TEXT NOT NULL,
        split TEXT NOT NULL,
        fields TEXT NOT NULL,
        answer TEXT,
        suggestion TEXT,
        score REAL,
        flagged INTEGER NOT NULL DEFAULT 0,
        note TEXT,
        length INTEGER NOT NULL,
        shuffled INTEGER NOT NULL,
        deleted INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE UNIQUE INDEX labelRecordsByNumber ON labelRecords (labelling, number);
      -- One index for each order of a queue: a page starts at its cursor and reads no more than it shows.
      CREATE INDEX labelRecordsByStatus ON labelRecords (labelling, status, number) WHERE deleted = 0;
      CREATE INDEX labelRecordsShuffled ON labelRecords (labelling, status, shuffled, number) WHERE deleted = 0;
      CREATE INDEX labelRecordsByLength ON labelRecords (labelling, status, length, number) WHERE deleted = 0;
      CREATE INDEX labelRecordsByScore ON labelRecords (labelling, status, score, number)
        WHERE deleted = 0 AND score IS NOT NULL;
      CREATE INDEX labelRecordsBySplit ON labelRecords (labelling, split, number) WHERE deleted = 0;
      CREATE INDEX labelRecordsFlagged ON labelRecords (labelling, number) WHERE flagged = 1 AND deleted = 0;
      CREATE INDEX labelRecordsNoted ON labelRecords (labelling, number) WHERE note IS NOT NULL AND deleted = 0;

      -- Which labels answers and suggestions use, for filters by label.
      CREATE TABLE labelMarks (
        labelling INTEGER NOT NULL REFERENCES labellings (key) ON DELETE CASCADE,
        source TEXT NOT NULL,
        label TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (labelling, source, label, number)
      ) STRICT, WITHOUT ROWID;

      -- Kept with every change, so that no count ever reads all records.
      CREATE TABLE labelCounts (
        labelling INTEGER NOT NULL REFERENCES labellings (key) ON DELETE CASCADE,
        facet TEXT NOT NULL,
        name TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (labelling, facet, name)
      ) STRICT, WITHOUT ROWID;

      -- Pairs of neighbouring characters as tokens: any substring is a phrase, also a Korean word of two syllables.
      CREATE VIRTUAL TABLE labelTexts USING fts5(
        text, content = '', contentless_delete = 1,
        tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'"
      );

      -- Append-only. The state of an action says whether it counts now; undo, redo and revert are entries themselves.
      CREATE TABLE labelActions (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        labelling INTEGER NOT NULL REFERENCES labellings (key) ON DELETE CASCADE,
        at TEXT NOT NULL,
        author TEXT NOT NULL,
        kind TEXT NOT NULL,
        value TEXT,
        records INTEGER NOT NULL,
        firstNumber INTEGER,
        state TEXT NOT NULL
      ) STRICT;
      CREATE INDEX labelActionsByLabelling ON labelActions (labelling, sequence);
      CREATE INDEX labelActionsByState ON labelActions (labelling, state, sequence);
      CREATE TABLE labelChanges (
        action INTEGER NOT NULL REFERENCES labelActions (sequence) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        PRIMARY KEY (action, number)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
