import { type DatabaseOptions, openDatabase } from './database.ts';
import { createDatasetsTable } from './datasetsTable.ts';
import { createEventsTable } from './eventsTable.ts';
import { createLabelsTable } from './labelsTable.ts';
import { createMetricsTable } from './metricsTable.ts';
import { createModelsTable } from './modelsTable.ts';
import { createRunsTable } from './runsTable.ts';
import { createSamplesTable } from './samplesTable.ts';
import { createSettingsTable } from './settingsTable.ts';
import type { Store } from './types.ts';

export type * from './types.ts';

/**
 * Opens the database file at `path`, creating it or bringing it to the newest schema, and clears imports a crash cut
 * short.
 * @throws TunebenchError where it is newer than this build, damaged, held by another program or cannot be written
 */
export function openStore(path: string, options: DatabaseOptions = {}): Store {
  const database = openDatabase(path, options);
  try {
    const events = createEventsTable(database);
    return {
      path,
      models: createModelsTable(database),
      datasets: createDatasetsTable(database),
      runs: createRunsTable(database, events),
      events,
      metrics: createMetricsTable(database),
      samples: createSamplesTable(database),
      settings: createSettingsTable(database),
      labels: createLabelsTable(database),
      copyTo: (target) => void database.prepare<[string]>('VACUUM INTO ?').run(target),
      transaction: (work) => database.transaction(work),
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}
