import type { Split } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { type ColumnRole, columnRoleSchema } from '../../contract/methods.ts';
import type { EngineFiles } from '../files.ts';
import type { DataRow } from './examples.ts';

const splits: readonly string[] = ['train', 'validation', 'test'] satisfies readonly Split[];

function isSplit(value: unknown): value is Split {
  return typeof value === 'string' && splits.includes(value);
}

function readRow(line: string, lineNumber: number, path: string): DataRow {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (error) {
    throw new TunebenchError('run.dataFileBroken', { path, line: lineNumber }, { cause: error });
  }
  if (typeof parsed !== 'object' || parsed === null) {
    throw new TunebenchError('run.dataFileBroken', { path, line: lineNumber });
  }
  const content: Partial<Record<ColumnRole, string>> = {};
  for (const role of columnRoleSchema.options) {
    const value: unknown = Reflect.get(parsed, role);
    if (typeof value === 'string') content[role] = value;
  }
  const split: unknown = Reflect.get(parsed, 'split');
  if (!isSplit(split)) throw new TunebenchError('run.dataFileBroken', { path, line: lineNumber });
  return { text: '', ...content, split };
}

/**
 * The rows of a training job, by split, in the file's order.
 * @throws TunebenchError `run.dataFileBroken` naming the line that cannot be read
 */
export function readRows(files: EngineFiles, path: string): Record<Split, DataRow[]> {
  const rows: Record<Split, DataRow[]> = { train: [], validation: [], test: [] };
  let lineNumber = 0;
  for (const line of files.readLines(path)) {
    lineNumber++;
    if (line.trim() === '') continue;
    const row = readRow(line, lineNumber, path);
    rows[row.split].push(row);
  }
  return rows;
}

const chunkBytes = 4 * 1024 * 1024;

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SHA-256 over the SHA-256 of each 4 MiB piece of a file: tells whether a run goes on with the data it began with. */
export async function hashFile(files: EngineFiles, path: string): Promise<string> {
  const source = files.open(path);
  try {
    const digests: Uint8Array<ArrayBuffer>[] = [];
    for (let offset = 0; offset < source.sizeBytes; offset += chunkBytes) {
      const piece = source.read(offset, Math.min(chunkBytes, source.sizeBytes - offset));
      digests.push(new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(piece))));
    }
    const all = await new Blob(digests).arrayBuffer();
    return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', all)));
  } finally {
    source.close();
  }
}
