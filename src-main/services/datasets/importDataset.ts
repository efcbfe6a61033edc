import type { z } from 'zod';
import type { contract } from '../../contract/contract.ts';
import type { DatasetSummary } from '../../contract/datasets.ts';
import { planImport } from '../../datasets/index.ts';
import type { ServiceContext } from '../context.ts';
import { newId, timestamp } from '../identity.ts';
import type { JobControl } from '../jobs.ts';
import { openSource } from './openSource.ts';
import { writeDataset } from './writeDataset.ts';

export type ImportInput = z.output<NonNullable<(typeof contract.datasets.import)['~orpc']['inputSchema']>>;

/** The file's name without its ending: what a dataset is called when nobody says otherwise. */
export function nameFromPath(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  return file.replace(/\.[^.]+$/, '') || file;
}

/**
 * Reads files into the store: a first pass checks everything and decides the splits, a second one writes. Until the
 * last row is in, the dataset does not exist; a failure or a cancel leaves nothing behind.
 */
export async function importDataset(
  context: Pick<ServiceContext, 'store'>,
  input: ImportInput,
  source: DatasetSummary['source'],
  job: JobControl,
  id: string = newId(),
): Promise<DatasetSummary> {
  const plan = await planImport({
    sources: input.files.map((file) => openSource(file.path, file.split)),
    options: input.options,
    mapping: input.mapping,
    validationShare: input.validationShare,
    testShare: input.testShare,
    seed: input.seed,
    skipBadRows: input.skipBadRows,
    signal: job.signal,
    onProgress: (rowsRead) => job.progress(rowsRead),
  });
  const head = {
    id,
    name: input.name ?? nameFromPath(input.files[0]?.path ?? id),
    source,
    mapping: input.mapping,
    columns: plan.columns,
    addedAt: timestamp(),
  };
  return writeDataset(context, head, plan.records(), plan.rows, job);
}
