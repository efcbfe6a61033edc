import { type DatasetRow, type DatasetSummary, contentOfRow } from '../../contract/datasets.ts';
import { columnRoleSchema } from '../../contract/methods.ts';
import { pathBelow, writeFileAtomically } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { hashText } from '../identity.ts';

/** One line of the file the worker reads: the split and the mapped columns by their part. */
function toLine({ split, fields }: DatasetRow, mapping: DatasetSummary['mapping']): string {
  return `${JSON.stringify({ split, ...contentOfRow(fields, mapping) })}\n`;
}

const linesPerChunk = 1000;

function* encodeLines(rows: Iterable<DatasetRow>, mapping: DatasetSummary['mapping']): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let lines: string[] = [];
  for (const row of rows) {
    lines.push(toLine(row, mapping));
    if (lines.length < linesPerChunk) continue;
    yield encoder.encode(lines.join(''));
    lines = [];
  }
  yield encoder.encode(lines.join(''));
}

/**
 * Writes a dataset version as the JSON lines a worker reads, unless that file is there already. Its name is made from
 * the version's hash and the parts its columns play, so runs on the same data share it and it outlives the dataset.
 * @returns the file's path
 */
export async function materializeDataset(context: ServiceContext, dataset: DatasetSummary): Promise<string> {
  const roles = columnRoleSchema.options.map((role) => [role, dataset.mapping.roles[role] ?? null]);
  const name = await hashText(JSON.stringify([dataset.versionHash, roles]));
  const path = pathBelow(context.dataFolder.path, `datasets/blobs/${name}.jsonl`);
  if (!context.files.exists(path)) {
    writeFileAtomically(path, encodeLines(context.store.datasets.allRows(dataset.id), dataset.mapping));
  }
  return path;
}
