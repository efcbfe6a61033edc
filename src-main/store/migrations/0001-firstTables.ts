import type { Migration } from './migrate.ts';

export const migration0001: Migration = {
  version: 1,
  up(connection) {
    connection.exec(`
      CREATE TABLE settings (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT;

      CREATE TABLE models (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        summary TEXT NOT NULL
      ) STRICT;

      -- A dataset without a version hash is still being imported.
      CREATE TABLE datasets (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        source TEXT NOT NULL,
        mapping TEXT NOT NULL,
        columns TEXT NOT NULL,
        addedAt TEXT NOT NULL,
        versionHash TEXT,
        rows INTEGER NOT NULL DEFAULT 0,
        rowsBySplit TEXT NOT NULL DEFAULT '{}',
        labels TEXT NOT NULL DEFAULT '[]'
      ) STRICT;

      CREATE TABLE records (
        dataset INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        split TEXT NOT NULL,
        fields TEXT NOT NULL,
        PRIMARY KEY (dataset, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX recordsBySplit ON records (dataset, split, position);

      -- Runs outlive the model and dataset they used, so they keep names and hashes and refer to neither.
      CREATE TABLE runs (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        status TEXT NOT NULL,
        task TEXT NOT NULL,
        methodId TEXT NOT NULL,
        modelId TEXT NOT NULL,
        modelName TEXT NOT NULL,
        datasetId TEXT NOT NULL,
        datasetName TEXT NOT NULL,
        createdAt TEXT NOT NULL,
        startedAt TEXT,
        endedAt TEXT,
        step INTEGER NOT NULL DEFAULT 0,
        totalSteps INTEGER,
        trainableParameters INTEGER,
        totalParameters INTEGER,
        metrics TEXT NOT NULL DEFAULT '{}',
        problems TEXT NOT NULL DEFAULT '[]',
        config TEXT NOT NULL,
        datasetHash TEXT NOT NULL,
        modelHash TEXT NOT NULL,
        versions TEXT NOT NULL,
        labels TEXT NOT NULL DEFAULT '[]',
        confusion TEXT NOT NULL DEFAULT 'null',
        rowsPerSecond REAL,
        peakMemoryBytes INTEGER
      ) STRICT;

      -- AUTOINCREMENT: a sequence number is never given twice, also not after a run was removed.
      CREATE TABLE events (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        runId TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        at TEXT NOT NULL,
        body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX eventsByRun ON events (runId, sequence);

      CREATE TABLE metricSeries (
        key INTEGER PRIMARY KEY,
        runId TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        UNIQUE (runId, name)
      ) STRICT;
      CREATE TABLE metricPoints (
        series INTEGER NOT NULL REFERENCES metricSeries (key) ON DELETE CASCADE,
        step INTEGER NOT NULL,
        value REAL NOT NULL,
        PRIMARY KEY (series, step)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
