import type { DatasetSummary, Split, SplitRequest } from '../../contract/datasets.ts';
import {
  type DatasetRecord,
  type SplitRow,
  createVersionHasher,
  labelOfRow,
  originFacts,
  planFolds,
  planSplit,
  splitsOfFold,
  textOfRow,
} from '../../datasets/index.ts';
import { createSha256, userName } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { newId, timestamp } from '../identity.ts';
import type { JobControl } from '../jobs.ts';
import { addVersion } from './versions.ts';
import { writeDataset } from './writeDataset.ts';

function readSplitRows({ store }: ServiceContext, { id, mapping }: DatasetSummary): SplitRow[] {
  return [...store.datasets.allRows(id)].map(({ fields, split }) => {
    return {
      text: textOfRow(fields, mapping),
      label: labelOfRow(fields, mapping) ?? '',
      split,
      ...originFacts(fields),
      field: (name: string) => fields[name] ?? '',
    };
  });
}

function withSplits(
  { store }: ServiceContext,
  { id }: DatasetSummary,
  splits: readonly Split[],
): Iterable<DatasetRecord> {
  return {
    *[Symbol.iterator]() {
      let row = 0;
      for (const { fields } of store.datasets.allRecords(id))
        yield { split: splits[row++] ?? 'train', fields };
    },
  };
}

/** Decides the split of every row anew and keeps the outcome as a new version. */
export function splitDataset(
  context: ServiceContext,
  dataset: DatasetSummary,
  request: SplitRequest,
  job: JobControl,
): Promise<DatasetSummary> {
  const splits = planSplit(readSplitRows(context, dataset), request);
  const records = withSplits(context, dataset, splits);
  return addVersion(context, dataset, records, dataset.rows, { kind: 'split', request }, job);
}

/**
 * Makes a dataset for each fold of a cross-validation: that fold is for validation, the others to train on, and rows of
 * the test stay the test. Each has a name of its own, so that runs and comparisons can choose it like any other; one that
 * is there already is taken as it is.
 */
export async function foldDataset(
  context: ServiceContext,
  dataset: DatasetSummary,
  folds: number,
  request: SplitRequest,
  job: JobControl,
): Promise<DatasetSummary[]> {
  const foldOf = planFolds(readSplitRows(context, dataset), folds, request);
  const known = context.store.datasets.list();
  const made: DatasetSummary[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const records = withSplits(context, dataset, splitsOfFold(foldOf, fold));
    const hasher = createVersionHasher(createSha256());
    for (const record of records) hasher.add(record);
    const hash = hasher.digest();
    const name = `${dataset.name} (${fold + 1}/${folds})`;
    const there = known.find((other) => other.name === name && other.versionHash === hash);
    const { source, mapping, columns, rows } = dataset;
    const change = { kind: 'split' as const, request: { ...request, folds, fold: fold + 1 } };
    const author = userName() || context.host;
    const head = { id: newId(), name, source, mapping, columns, addedAt: timestamp(), change, author };
    made.push(there ?? (await writeDataset(context, head, records, rows, job)));
  }
  return made;
}
