import {
  type DatasetRow,
  type DatasetSummary,
  type Fields,
  type Split,
  datasetSummarySchema,
  splitSchema,
  textFields,
  textOf,
} from '../contract/datasets.ts';
import { TunebenchError } from '../contract/errors/index.ts';
import type { StoreDatabase } from './database.ts';
import type { DatasetHead, DatasetWriter, DatasetsTable, NewRecord } from './types.ts';

interface DatasetColumns {
  key: number;
  id: string;
  name: string;
  source: string;
  mapping: string;
  columns: string;
  addedAt: string;
  versionHash: string | null;
  rows: number;
  rowsBySplit: string;
  labels: string;
  lineage: string | null;
  note: string;
  change: string | null;
  author: string;
}
interface RecordColumns {
  position: number;
  split: string;
  fields: string;
}

/** The database holds what `append` wrote: JSON of an object. Looking into every value would take longer than reading it. */
function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readSummary({ lineage, note, change, author, ...row }: DatasetColumns): DatasetSummary {
  return datasetSummarySchema.parse({
    ...row,
    ...(lineage === null ? {} : { lineage }),
    ...(note === '' ? {} : { note }),
    ...(change === null ? {} : { change: JSON.parse(change) }),
    ...(author === '' ? {} : { author }),
    mapping: JSON.parse(row.mapping),
    columns: JSON.parse(row.columns),
    rowsBySplit: JSON.parse(row.rowsBySplit),
    labels: JSON.parse(row.labels),
  });
}

function readRecord(row: RecordColumns): NewRecord {
  const fields: unknown = JSON.parse(row.fields);
  if (!isFields(fields)) throw new Error(`record ${row.position} is no object`);
  return { split: splitSchema.parse(row.split), fields };
}

function readRow(row: RecordColumns): DatasetRow {
  const { split, fields } = readRecord(row);
  return { position: row.position, split, fields: textFields(fields) };
}

export function createDatasetsTable(database: StoreDatabase): DatasetsTable {
  const insertHead = database.prepare<
    [string, string, string, string, string, string, string | null, string, string | null, string]
  >(
    `INSERT INTO datasets (id, name, source, mapping, columns, addedAt, lineage, note, change, author)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertRecord = database.prepare<[number, number, string, string]>(
    'INSERT INTO records (dataset, position, split, fields) VALUES (?, ?, ?, ?)',
  );
  const finishHead = database.prepare<[string, number, string, string, number]>(
    'UPDATE datasets SET versionHash = ?, rows = ?, rowsBySplit = ?, labels = ? WHERE key = ?',
  );
  const removeByKey = database.prepare<[number]>('DELETE FROM datasets WHERE key = ?');
  const removeById = database.prepare<[string]>(
    'DELETE FROM datasets WHERE id = ? AND versionHash IS NOT NULL',
  );
  const list = database.prepare<[], DatasetColumns>(
    'SELECT * FROM datasets WHERE versionHash IS NOT NULL ORDER BY key DESC',
  );
  const get = database.prepare<[string], DatasetColumns>(
    'SELECT * FROM datasets WHERE id = ? AND versionHash IS NOT NULL',
  );
  // Positions have no gaps, so a page of all splits is a range of the primary key.
  const page = database.prepare<[number, number, number], RecordColumns>(
    'SELECT position, split, fields FROM records WHERE dataset = ? AND position >= ? ORDER BY position LIMIT ?',
  );
  // The page's positions come from the index alone; skipping there does not touch the texts.
  const pageOfSplit = database.prepare<
    [{ key: number; split: string; offset: number; limit: number }],
    RecordColumns
  >(
    `SELECT position, split, fields FROM records
     WHERE dataset = @key AND position IN (
       SELECT position FROM records WHERE dataset = @key AND split = @split ORDER BY position LIMIT @limit OFFSET @offset
     ) ORDER BY position`,
  );

  database.prepare<[]>('DELETE FROM datasets WHERE versionHash IS NULL').run();

  function* allRows<Row>(key: number, read: (row: RecordColumns) => Row): Generator<Row> {
    // Pages instead of one open cursor: SQLite refuses writes on a connection while a cursor is open.
    const pageSize = 1000;
    for (let position = 0; ; position += pageSize) {
      const rows = page.all(key, position, pageSize);
      for (const row of rows) yield read(row);
      if (rows.length < pageSize) return;
    }
  }

  function startImport(head: DatasetHead): DatasetWriter {
    const { lastKey: key } = insertHead.run(
      head.id,
      head.name,
      head.source,
      JSON.stringify(head.mapping),
      JSON.stringify(head.columns),
      head.addedAt,
      head.lineage ?? null,
      head.note ?? '',
      head.change === undefined ? null : JSON.stringify(head.change),
      head.author ?? '',
    );
    const labelColumn = head.mapping.roles.label;
    const rowsBySplit: Record<Split, number> = { train: 0, validation: 0, test: 0 };
    const labels = new Map<string, number>();
    let rows = 0;
    return {
      append(records) {
        database.transaction(() => {
          let position = rows;
          for (const { split, fields } of records) {
            insertRecord.run(key, position++, split, JSON.stringify(fields));
          }
        });
        // Counted only after the commit, so that a failed batch can be given again.
        for (const { split, fields } of records) {
          rowsBySplit[split]++;
          const value = labelColumn === undefined ? undefined : fields[labelColumn];
          const label = textOf(value);
          if (value !== undefined) labels.set(label, (labels.get(label) ?? 0) + 1);
        }
        rows += records.length;
      },
      finish(versionHash) {
        const byFrequency = [...labels]
          .map(([label, count]) => ({ label, count }))
          .sort((left, right) => right.count - left.count || (left.label < right.label ? -1 : 1));
        return database.transaction(() => {
          finishHead.run(versionHash, rows, JSON.stringify(rowsBySplit), JSON.stringify(byFrequency), key);
          const row = get.get(head.id);
          if (row === undefined)
            throw new TunebenchError('common.notFound', { kind: 'dataset', id: head.id });
          return readSummary(row);
        });
      },
      abandon() {
        removeByKey.run(key);
      },
    };
  }

  return {
    startImport,
    list: () => list.all().map(readSummary),
    get(id) {
      const row = get.get(id);
      return row && readSummary(row);
    },
    rows({ id, split, offset, limit }) {
      const row = get.get(id);
      if (row === undefined) return { total: 0, rows: [] };
      if (split === undefined) {
        return { total: row.rows, rows: page.all(row.key, offset, limit).map(readRow) };
      }
      return {
        total: readSummary(row).rowsBySplit[split],
        rows: pageOfSplit.all({ key: row.key, split, offset, limit }).map(readRow),
      };
    },
    *allRows(id) {
      const row = get.get(id);
      if (row !== undefined) yield* allRows(row.key, readRow);
    },
    *allRecords(id) {
      const row = get.get(id);
      if (row !== undefined) yield* allRows(row.key, readRecord);
    },
    remove: (id) => removeById.run(id).changes > 0,
  };
}
