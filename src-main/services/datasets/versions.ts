import { type DatasetSummary, type SplitRequest, type VersionDiff, textOf } from '../../contract/datasets.ts';
import {
  type DatasetRecord,
  createVersionHasher,
  diffRecords,
  labelOfRow,
  planSplit,
  textOfRow,
} from '../../datasets/index.ts';
import { createSha256 } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { newId, timestamp } from '../identity.ts';
import type { JobControl } from '../jobs.ts';
import { writeDataset } from './writeDataset.ts';

/** The first version's id, which all versions of a dataset share. */
export function lineageOf(dataset: DatasetSummary): string {
  return dataset.lineage ?? dataset.id;
}

/** The versions of a dataset that are still there, oldest first. */
export function listVersions(context: ServiceContext, dataset: DatasetSummary): DatasetSummary[] {
  const lineage = lineageOf(dataset);
  return context.store.datasets
    .list()
    .filter((other) => lineageOf(other) === lineage)
    .reverse();
}

/** Keeps records as the newest version of a dataset; the newest itself where it already has this content. */
async function addVersion(
  context: ServiceContext,
  dataset: DatasetSummary,
  records: Iterable<DatasetRecord>,
  note: string,
  job: JobControl,
): Promise<DatasetSummary> {
  const hasher = createVersionHasher(createSha256());
  for (const record of records) hasher.add(record);
  const newest = listVersions(context, dataset).at(-1);
  if (newest?.versionHash === hasher.digest()) return newest;
  const { name, source, mapping, columns, rows } = dataset;
  const lineage = lineageOf(dataset);
  const head = { id: newId(), name, source, mapping, columns, addedAt: timestamp(), lineage, note };
  return writeDataset(context, head, records, rows, job);
}

/** Decides the split of every row anew and keeps the outcome as a new version. */
export function splitDataset(
  context: ServiceContext,
  dataset: DatasetSummary,
  request: SplitRequest,
  job: JobControl,
): Promise<DatasetSummary> {
  const { store } = context;
  const { mapping } = dataset;
  const rows = [...store.datasets.allRows(dataset.id)].map(({ fields }) => ({
    text: textOfRow(fields, mapping),
    label: labelOfRow(fields, mapping) ?? '',
    field: (name: string) => fields[name] ?? '',
  }));
  const splits = planSplit(rows, request);
  const records = {
    *[Symbol.iterator]() {
      let row = 0;
      for (const { fields } of store.datasets.allRecords(dataset.id))
        yield { split: splits[row++] ?? 'train', fields };
    },
  };
  const said = Object.entries(request).filter(([, value]) => value !== undefined && value !== false);
  const note = `split ${said.map(([name, value]) => `${name}=${value}`).join(' ')}`;
  return addVersion(context, dataset, records, note, job);
}

/** Makes an older version the newest again. */
export function restoreVersion(
  context: ServiceContext,
  dataset: DatasetSummary,
  job: JobControl,
): Promise<DatasetSummary> {
  const records = { [Symbol.iterator]: () => context.store.datasets.allRecords(dataset.id) };
  return addVersion(context, dataset, records, `restored ${dataset.id}`, job);
}

/** What changed from one dataset to another, counted in full and listed up to a limit. */
export function diffVersions(
  context: ServiceContext,
  older: DatasetSummary,
  newer: DatasetSummary,
  listed: number,
): VersionDiff {
  const changes = diffRecords(
    [...context.store.datasets.allRecords(older.id)],
    [...context.store.datasets.allRecords(newer.id)],
  );
  const count = (kind: (typeof changes)[number]['kind']) =>
    changes.filter((change) => change.kind === kind).length;
  return {
    older: older.id,
    newer: newer.id,
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    changes: changes.slice(0, listed).map((change) => {
      if (change.kind !== 'changed')
        return { kind: change.kind, row: change.row, split: change.record.split };
      const { row, newRow, before, after, columns } = change;
      return {
        kind: 'changed',
        row,
        newRow,
        splits: [before.split, after.split],
        values: columns.map((column) => ({
          column,
          before: textOf(before.fields[column]),
          after: textOf(after.fields[column]),
        })),
      };
    }),
  };
}
