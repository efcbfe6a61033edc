import {
  type DatasetRow,
  type DatasetSummary,
  type Split,
  datasetSummarySchema,
  largestLabelCount,
  textFields,
  textOf,
} from '../contract/datasets.ts';
import { TunebenchError } from '../contract/errors/index.ts';
import { isSynthetic } from '../contract/origin.ts';
import type { StoreDatabase } from './database.ts';
import { type PlacedRecord, createRowLists } from './rowLists.ts';
import type { DatasetHead, DatasetWriter, DatasetsTable } from './types.ts';

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
  syntheticBySplit: string | null;
  labels: string;
  lineage: string | null;
  note: string;
  change: string | null;
  author: string;
}
function readSummary({
  lineage,
  note,
  change,
  author,
  syntheticBySplit,
  ...row
}: DatasetColumns): DatasetSummary {
  return datasetSummarySchema.parse({
    ...row,
    ...(syntheticBySplit === null ? {} : { syntheticBySplit: JSON.parse(syntheticBySplit) }),
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

export function createDatasetsTable(database: StoreDatabase): DatasetsTable {
  const insertHead = database.prepare<
    [string, string, string, string, string, string, string | null, string, string | null, string]
  >(
    `INSERT INTO datasets (id, name, source, mapping, columns, addedAt, lineage, note, change, author)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const finishHead = database.prepare<[string, number, string, string | null, string, number]>(
    'UPDATE datasets SET versionHash = ?, rows = ?, rowsBySplit = ?, syntheticBySplit = ?, labels = ? WHERE key = ?',
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
  const rows = createRowLists(database);

  database.prepare<[]>('DELETE FROM datasets WHERE versionHash IS NULL').run();

  const toRow = ({ position, split, fields }: PlacedRecord): DatasetRow => ({
    position,
    split,
    fields: textFields(fields),
  });

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
    const synthetic: Record<Split, number> = { train: 0, validation: 0, test: 0 };
    const labels = new Map<string, number>();
    const list = rows.write(key);
    let count = 0;
    return {
      append(records) {
        list.append(records);
        // Counted only after the commit, so that a failed batch can be given again.
        for (const { split, fields } of records) {
          rowsBySplit[split]++;
          if (isSynthetic(fields)) synthetic[split]++;
          const value = labelColumn === undefined ? undefined : fields[labelColumn];
          const label = textOf(value);
          if (value !== undefined && labels.size <= largestLabelCount)
            labels.set(label, (labels.get(label) ?? 0) + 1);
        }
        count += records.length;
      },
      finish(versionHash) {
        const byFrequency = (labels.size > largestLabelCount ? [] : [...labels])
          .map(([label, count]) => ({ label, count }))
          .sort((left, right) => right.count - left.count || (left.label < right.label ? -1 : 1));
        return database.transaction(() => {
          list.finish();
          const written = Object.values(synthetic).some((rows) => rows > 0)
            ? JSON.stringify(synthetic)
            : null;
          const counts = JSON.stringify(rowsBySplit);
          finishHead.run(versionHash, count, counts, written, JSON.stringify(byFrequency), key);
          database.changed('datasets');
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
        return { total: row.rows, rows: rows.page(row.key, offset, limit).map(toRow) };
      }
      return {
        total: readSummary(row).rowsBySplit[split],
        rows: rows.pageOfSplit(row.key, split, offset, limit).map(toRow),
      };
    },
    rowsAt(id, positions) {
      const row = get.get(id);
      return row === undefined ? [] : rows.at(row.key, positions).map(toRow);
    },
    *allRows(id) {
      const row = get.get(id);
      if (row !== undefined) for (const record of rows.from(row.key, 0)) yield toRow(record);
    },
    *allRecords(id) {
      const row = get.get(id);
      if (row !== undefined) for (const { split, fields } of rows.from(row.key, 0)) yield { split, fields };
    },
    remove(id) {
      const removed = removeById.run(id).changes > 0;
      if (removed) database.changed('datasets');
      return removed;
    },
  };
}
