import { type ModelSummary, modelSummarySchema } from '../contract/models.ts';
import type { StoreDatabase } from './database.ts';
import type { ModelsTable } from './types.ts';

const read = (row: { summary: string }): ModelSummary => modelSummarySchema.parse(JSON.parse(row.summary));

export function createModelsTable(database: StoreDatabase): ModelsTable {
  const insert = database.prepare<[string, string]>('INSERT INTO models (id, summary) VALUES (?, ?)');
  const list = database.prepare<[], { summary: string }>('SELECT summary FROM models ORDER BY key DESC');
  const get = database.prepare<[string], { summary: string }>('SELECT summary FROM models WHERE id = ?');
  const remove = database.prepare<[string]>('DELETE FROM models WHERE id = ?');
  return {
    insert(model) {
      insert.run(model.id, JSON.stringify(model));
      database.changed('models');
    },
    list: () => list.all().map(read),
    get(id) {
      const row = get.get(id);
      return row && read(row);
    },
    remove(id) {
      const removed = remove.run(id).changes > 0;
      if (removed) database.changed('models');
      return removed;
    },
  };
}
