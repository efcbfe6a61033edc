import { type SavedFilter, savedFilterSchema } from '../contract/labels.ts';
import type { StoreDatabase } from './database.ts';

/** Filters people keep, for every labelling of a dataset. */
export function createLabelFilters(database: StoreDatabase) {
  const list = database.prepare<[string], { name: string; filter: string; sorting: string }>(
    'SELECT name, filter, sorting FROM labelFilters WHERE datasetId = ? ORDER BY name',
  );
  const save = database.prepare<[string, string, string, string]>(
    'INSERT OR REPLACE INTO labelFilters (datasetId, name, filter, sorting) VALUES (?, ?, ?, ?)',
  );
  const remove = database.prepare<[string, string]>(
    'DELETE FROM labelFilters WHERE datasetId = ? AND name = ?',
  );
  return {
    list: (datasetId: string): SavedFilter[] =>
      list
        .all(datasetId)
        .map(({ name, filter, sorting }) =>
          savedFilterSchema.parse({ name, filter: JSON.parse(filter), order: sorting }),
        ),
    save: (datasetId: string, { name, filter, order }: SavedFilter) =>
      void save.run(datasetId, name, JSON.stringify(filter), order),
    remove: (datasetId: string, name: string) => void remove.run(datasetId, name),
  };
}
