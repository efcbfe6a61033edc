import {
  type LabelChoice,
  type LabellingSummary,
  labellingSummarySchema,
  recordStatusSchema,
} from '../contract/labels.ts';
import { TunebenchError } from '../contract/errors/index.ts';
import type { StoreDatabase } from './database.ts';
import type { FacetCount, FacetCounts } from './labelFacets.ts';
import type { LabellingKey } from './labelRecords.ts';
import { type LabellingHead, type StoredHelp, storedHelpSchema } from './labelTypes.ts';

interface HeadColumns {
  key: number;
  id: string;
  name: string;
  datasetId: string;
  datasetName: string;
  task: string;
  recordKind: string;
  columns: string;
  labels: string;
  rounds: string | null;
  help: string | null;
  seed: number;
  addedAt: string;
  ready: number;
}

/** The labels after an action that made `to` of `from` is done; labels that came meanwhile stay. */
export function changedLabels(
  now: readonly LabelChoice[],
  from: readonly LabelChoice[],
  to: readonly LabelChoice[],
): LabelChoice[] {
  const known = new Set([...from, ...to].map(({ name }) => name));
  const keys = new Set<string>();
  return [...to, ...now.filter(({ name }) => !known.has(name))].map(({ name, key }) => {
    const free = key !== null && !keys.has(key);
    if (free) keys.add(key);
    return { name, key: free ? key : null };
  });
}

export function countsByStatus(counts: readonly FacetCount[]): LabellingSummary['byStatus'] {
  const byStatus: LabellingSummary['byStatus'] = { pending: 0, draft: 0, labelled: 0, discarded: 0 };
  for (const status of recordStatusSchema.options) {
    byStatus[status] = counts.find(({ facet, name }) => facet === 'status' && name === status)?.count ?? 0;
  }
  return byStatus;
}

/** The labellings themselves: name, task, columns, labels with their keys. */
export function createLabellingHeads(database: StoreDatabase, counts: FacetCounts) {
  const insert = database.prepare<(string | number)[]>(
    `INSERT INTO labellings (id, name, datasetId, datasetName, task, recordKind, columns, labels, seed, addedAt,
       rounds)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const finish = database.prepare<[number]>('UPDATE labellings SET ready = 1 WHERE key = ?');
  const hide = database.prepare<[string]>('UPDATE labellings SET ready = 0 WHERE id = ? AND ready = 1');
  const remove = database.prepare<[number]>('DELETE FROM labellings WHERE key = ?');
  const list = database.prepare<[], HeadColumns>(
    'SELECT * FROM labellings WHERE ready = 1 ORDER BY key DESC',
  );
  const get = database.prepare<[string], HeadColumns>('SELECT * FROM labellings WHERE id = ? AND ready = 1');
  const unready = database.prepare<[], { key: number }>('SELECT key FROM labellings WHERE ready = 0');
  const saveHelp = database.prepare<[string | null, string]>('UPDATE labellings SET help = ? WHERE id = ?');
  const saveLabels = database.prepare<[string, string]>('UPDATE labellings SET labels = ? WHERE id = ?');

  function read(row: HeadColumns): LabellingSummary {
    const byStatus = countsByStatus(counts.read(row.key));
    return labellingSummarySchema.parse({
      ...row,
      columns: JSON.parse(row.columns),
      labels: JSON.parse(row.labels),
      rounds: JSON.parse(row.rounds ?? '[]'),
      records: Object.values(byStatus).reduce((sum, count) => sum + count, 0),
      byStatus,
    });
  }

  return {
    insert(head: LabellingHead): LabellingKey {
      const { lastKey } = insert.run(
        head.id,
        head.name,
        head.datasetId,
        head.datasetName,
        head.task,
        head.recordKind,
        JSON.stringify(head.columns),
        JSON.stringify(head.labels),
        head.seed,
        head.addedAt,
        JSON.stringify(head.rounds),
      );
      return { key: lastKey, columns: head.columns, seed: head.seed };
    },
    finish: (key: number) => void finish.run(key),
    hide: (id: string) => hide.run(id).changes > 0,
    remove: (key: number) => void remove.run(key),
    unready: () => unready.all().map(({ key }) => key),
    list: () => list.all().map(read),
    get(id: string): LabellingSummary | undefined {
      const row = get.get(id);
      return row && read(row);
    },
    /** @throws TunebenchError `common.notFound` */
    key(id: string): LabellingKey {
      const row = get.get(id);
      if (row === undefined) throw new TunebenchError('common.notFound', { kind: 'labelling', id });
      const { columns } = labellingSummarySchema
        .pick({ columns: true })
        .parse({ columns: JSON.parse(row.columns) });
      return { key: row.key, columns, seed: row.seed };
    },
    help(id: string): StoredHelp | null {
      const help = get.get(id)?.help ?? null;
      return help === null ? null : storedHelpSchema.parse(JSON.parse(help));
    },
    saveHelp: (id: string, help: StoredHelp | null) =>
      void saveHelp.run(help === null ? null : JSON.stringify(help), id),
    saveLabels: (id: string, labels: readonly LabelChoice[]) =>
      void saveLabels.run(JSON.stringify(labels), id),
  };
}

export type LabellingHeads = ReturnType<typeof createLabellingHeads>;
