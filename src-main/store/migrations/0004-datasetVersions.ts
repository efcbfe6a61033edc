import type { Migration } from './migrate.ts';

/** Which datasets are versions of one another, and what was done to make each. */
export const migration0004: Migration = {
  version: 4,
  up(connection) {
    connection.exec(`
      -- The id of the first version, also after that was removed; null where there is no other version.
      ALTER TABLE datasets ADD COLUMN lineage TEXT;
      ALTER TABLE datasets ADD COLUMN note TEXT NOT NULL DEFAULT '';
    `);
  },
};
