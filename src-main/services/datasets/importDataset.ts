import type { z } from 'zod';
import type { contract } from '../../contract/contract.ts';
import type { DatasetSummary } from '../../contract/datasets.ts';
import { type DatasetRecord, createVersionHasher, planImport } from '../../datasets/index.ts';
import { createSha256 } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { newId, timestamp } from '../identity.ts';
import type { JobControl } from '../jobs.ts';
import { openSource } from './openSource.ts';

export type ImportInput = z.output<NonNullable<(typeof contract.datasets.import)['~orpc']['inputSchema']>>;

const rowsPerTransaction = 500;

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
  context: ServiceContext,
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
  const writer = context.store.datasets.startImport({
    id,
    name: input.name ?? nameFromPath(input.files[0]?.path ?? id),
    source,
    mapping: input.mapping,
    columns: plan.columns,
    addedAt: timestamp(),
  });
  try {
    const hasher = createVersionHasher(createSha256());
    let batch: DatasetRecord[] = [];
    let written = 0;
    const flush = () => {
      writer.append(batch);
      written += batch.length;
      batch = [];
      job.progress(written, plan.rows);
    };
    for await (const record of plan.records()) {
      job.signal.throwIfAborted();
      hasher.add(record);
      batch.push(record);
      if (batch.length >= rowsPerTransaction) flush();
    }
    flush();
    return writer.finish(hasher.digest());
  } catch (error) {
    writer.abandon();
    throw error;
  }
}
