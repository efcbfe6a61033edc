import type { Migration } from './migrate.ts';

/** What a person adds to a run afterwards, where it comes from, and whether it was thrown away. */
export const migration0002: Migration = {
  version: 2,
  up(connection) {
    connection.exec(`
      ALTER TABLE runs ADD COLUMN notes TEXT NOT NULL DEFAULT '';
      ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE runs ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
      -- Kept when that run is gone: lineage says where a run came from.
      ALTER TABLE runs ADD COLUMN parentRunId TEXT;
      ALTER TABLE runs ADD COLUMN removedAt TEXT;
    `);
  },
};
