import type { Migration } from './migrate.ts';

/** How many rows of a dataset a model wrote, by split; null where none, as in every dataset before. */
export const migration0011: Migration = {
  version: 11,
  up(connection) {
    connection.exec('ALTER TABLE datasets ADD COLUMN syntheticBySplit TEXT');
  },
};
