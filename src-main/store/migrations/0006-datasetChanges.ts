import type { Migration } from './migrate.ts';

/** Who made each version of a dataset, and by which action. */
export const migration0006: Migration = {
  version: 6,
  up(connection) {
    connection.exec(`
      -- JSON; null for an import, and for versions of older builds, whose note says it in words.
      ALTER TABLE datasets ADD COLUMN change TEXT;
      ALTER TABLE datasets ADD COLUMN author TEXT NOT NULL DEFAULT '';
    `);
  },
};
