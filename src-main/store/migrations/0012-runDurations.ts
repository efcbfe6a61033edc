import type { Migration } from './migrate.ts';

/** How long each run took, by a clock that nobody sets; null for runs before. */
export const migration0012: Migration = {
  version: 12,
  up(connection) {
    connection.exec('ALTER TABLE runs ADD COLUMN elapsedMs REAL');
  },
};
