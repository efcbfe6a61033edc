import type { DatasetChange } from '../../contract/datasetChanges.ts';
import { type DatasetSummary, type VersionDiff, textOf } from '../../contract/datasets.ts';
import {
  type DatasetRecord,
  createVersionHasher,
  type HistoryMoves,
  diffRecords,
  findHistoryMoves,
} from '../../datasets/index.ts';
import { createSha256, userName } from '../../platform/index.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { ServiceContext } from '../context.ts';
import { newId, timestamp } from '../identity.ts';
import type { JobControl } from '../jobs.ts';
import { writeDataset } from './writeDataset.ts';

const rowsPerBreath = 5000;

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
export async function addVersion(
  context: ServiceContext,
  dataset: DatasetSummary,
  records: Iterable<DatasetRecord>,
  rows: number,
  change: DatasetChange,
  job: JobControl,
): Promise<DatasetSummary> {
  const hasher = createVersionHasher(createSha256());
  let hashed = 0;
  for (const record of records) {
    hasher.add(record);
    if (++hashed % rowsPerBreath !== 0) continue;
    await new Promise((resolve) => setImmediate(resolve));
    job.signal.throwIfAborted();
  }
  const newest = listVersions(context, dataset).at(-1);
  if (newest?.versionHash === hasher.digest()) return newest;
  const { name, source, mapping, columns } = dataset;
  const author = userName() || context.host;
  const lineage = lineageOf(dataset);
  const head = { id: newId(), name, source, mapping, columns, addedAt: timestamp(), lineage, change, author };
  return writeDataset(context, head, records, rows, job);
}

/** The content of an older version once more, as the newest. */
function repeatVersion(
  context: ServiceContext,
  version: DatasetSummary,
  kind: 'restored' | 'undone' | 'redone',
  job: JobControl,
): Promise<DatasetSummary> {
  const { id, rows } = version;
  const records = { [Symbol.iterator]: () => context.store.datasets.allRecords(id) };
  return addVersion(context, version, records, rows, { kind, version: id }, job);
}

/** Makes an older version the newest again. */
export function restoreVersion(
  context: ServiceContext,
  dataset: DatasetSummary,
  job: JobControl,
): Promise<DatasetSummary> {
  return repeatVersion(context, dataset, 'restored', job);
}

/** Where undo and redo of a dataset lead. */
export function historyMoves(context: ServiceContext, dataset: DatasetSummary): HistoryMoves {
  return findHistoryMoves(listVersions(context, dataset));
}

/**
 * Takes the last change of a dataset back, or does it again.
 * @throws TunebenchError `datasets.nothingToUndo`, `datasets.nothingToRedo`
 */
export function moveInHistory(
  context: ServiceContext,
  dataset: DatasetSummary,
  direction: keyof HistoryMoves,
  job: JobControl,
): Promise<DatasetSummary> {
  const target = context.store.datasets.get(historyMoves(context, dataset)[direction] ?? '');
  if (target === undefined) {
    const code = direction === 'undo' ? 'datasets.nothingToUndo' : 'datasets.nothingToRedo';
    throw new TunebenchError(code, { name: dataset.name });
  }
  return repeatVersion(context, target, direction === 'undo' ? 'undone' : 'redone', job);
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
