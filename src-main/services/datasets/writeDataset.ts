import type { DatasetSummary } from '../../contract/datasets.ts';
import { type DatasetRecord, createVersionHasher } from '../../datasets/index.ts';
import { createSha256 } from '../../platform/index.ts';
import type { DatasetHead } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import type { JobControl } from '../jobs.ts';

/** Each transaction waits for the disk once. */
const rowsPerTransaction = 5000;

/**
 * Writes records as a new dataset. Until the last one is in, the dataset does not exist; a failure or a cancel leaves
 * nothing behind.
 * @param total how many records there will be
 */
export async function writeDataset(
  { store }: Pick<ServiceContext, 'store'>,
  head: DatasetHead,
  records: Iterable<DatasetRecord> | AsyncIterable<DatasetRecord>,
  total: number,
  job: JobControl,
): Promise<DatasetSummary> {
  const writer = store.datasets.startImport(head);
  try {
    const hasher = createVersionHasher(createSha256());
    let batch: DatasetRecord[] = [];
    let written = 0;
    const flush = async () => {
      writer.append(batch);
      written += batch.length;
      batch = [];
      job.progress(written, total);
      await new Promise((resolve) => setImmediate(resolve));
      job.signal.throwIfAborted();
    };
    for await (const record of records) {
      hasher.add(record);
      batch.push(record);
      if (batch.length >= rowsPerTransaction) await flush();
    }
    await flush();
    return writer.finish(hasher.digest());
  } catch (error) {
    writer.abandon();
    throw error;
  }
}
