import type { Migration } from './migrate.ts';

/** The few rows that a run asks its model again and again, and what it answers at each step. */
export const migration0013: Migration = {
  version: 13,
  up(connection) {
    connection.exec(`
      CREATE TABLE sampledRows (
        runId TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        row TEXT NOT NULL,
        PRIMARY KEY (runId, place)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE sampledSteps (
        runId TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        step INTEGER NOT NULL,
        -- One for each row, in their order.
        answers TEXT NOT NULL,
        PRIMARY KEY (runId, step)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
