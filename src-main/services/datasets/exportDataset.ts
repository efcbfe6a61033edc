import type { DatasetExport, ExportRequest } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { type WriteRequest, inShape, writeClassFolders, writers } from '../../datasets/index.ts';
import { createAtomicFile, createAtomicFolder, nodeFileSystem } from '../../platform/index.ts';
import type { JobControl } from '../jobs.ts';
import type { ExportedTable } from './exportedTable.ts';

/** Lets other work of this process run, and a wish to cancel arrive. */
async function breathe(job: JobControl): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  job.signal.throwIfAborted();
}

const filesPerBreath = 50;

async function writeFolder(path: string, request: WriteRequest, job: JobControl): Promise<number> {
  const folder = createAtomicFolder(path);
  let files = 0;
  try {
    for (const { name, text } of writeClassFolders(request)) {
      folder.add(name, text);
      files++;
      if (files % filesPerBreath === 0) await breathe(job);
    }
    folder.finish();
    return files;
  } catch (error) {
    folder.abandon();
    throw error;
  }
}

async function writeFile(path: string, pieces: Iterable<Uint8Array>, job: JobControl): Promise<number> {
  const file = createAtomicFile(path);
  let sizeBytes = 0;
  try {
    for (const piece of pieces) {
      file.write(piece);
      sizeBytes += piece.byteLength;
      await breathe(job);
    }
    file.finish();
    return sizeBytes;
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/**
 * Writes the rows of a table into a file, or a folder per class. A failure or a cancel leaves nothing behind.
 * @throws TunebenchError `datasets.exportExists` unless it may replace the file; what the format cannot hold
 */
export async function exportDataset(
  table: ExportedTable,
  path: string,
  wanted: Pick<ExportRequest, 'format' | 'shape' | 'forSpreadsheets' | 'replace'>,
  job: JobControl,
): Promise<DatasetExport> {
  const existing = nodeFileSystem.status(path);
  if (existing !== undefined && (existing.kind !== 'file' || wanted.format === 'folder' || !wanted.replace)) {
    throw new TunebenchError('datasets.exportExists', { path });
  }
  let rows = 0;
  const request: WriteRequest = {
    columns: table.columns,
    roles: table.roles,
    forSpreadsheets: wanted.forSpreadsheets,
    *records() {
      rows = 0;
      for (const record of table.records()) {
        rows++;
        yield record;
        job.progress(rows);
      }
    },
  };
  const shaped = inShape(request, wanted.shape);
  if (wanted.format === 'folder') {
    const files = await writeFolder(path, shaped, job);
    return { path, rows, files, sizeBytes: null };
  }
  const sizeBytes = await writeFile(path, writers[wanted.format].write(shaped), job);
  return { path, rows, files: 1, sizeBytes };
}
