import type { Migration } from './migrate.ts';

/** What is drawn of each block of points from afar; blocks of before have none and are read whole. */
export const migration0014: Migration = {
  version: 14,
  up(connection) {
    connection.exec(`
      CREATE TABLE metricSummaries (
        series INTEGER NOT NULL,
        firstStep INTEGER NOT NULL,
        -- Of each 256 points: last step, last value, extremes, sums for the trends; 64-bit numbers.
        entries BLOB NOT NULL,
        PRIMARY KEY (series, firstStep),
        FOREIGN KEY (series, firstStep) REFERENCES metricBlocks (series, firstStep) ON DELETE CASCADE
      ) STRICT;
    `);
  },
};
