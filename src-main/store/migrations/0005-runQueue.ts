import type { Migration } from './migrate.ts';

/** What runs belong together, in which order they wait and from when they may train; events apart from steps. */
export const migration0005: Migration = {
  version: 5,
  up(connection) {
    connection.exec(`
      ALTER TABLE runs ADD COLUMN "group" TEXT;
      ALTER TABLE runs ADD COLUMN project TEXT;
      -- Waiting runs train in rising order; null for those that do not wait.
      ALTER TABLE runs ADD COLUMN queuePosition INTEGER;
      ALTER TABLE runs ADD COLUMN notBefore TEXT;
      UPDATE runs SET queuePosition = key WHERE status = 'queued';
      -- A long run has a million steps, and a handful of everything else.
      CREATE INDEX eventsApartFromSteps ON events (runId, sequence)
        WHERE substr(body, 1, 18) <> '{"event":"stepped"';
    `);
  },
};
