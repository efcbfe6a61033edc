import { TunebenchError, describeProblem } from '../../contract/errors/index.ts';
import type { Problem } from '../../contract/errors/index.ts';
import { concatBytes } from '../bytes.ts';
import { byteOrderMarkLength, createDecoder, detectEncodingOfBytes } from '../encoding.ts';
import { type FolderFile, type FolderSource, maximumLineBytes } from '../source.ts';
import { readSplitName } from '../splits.ts';
import { type FolderCodec, type RawRow, plainLayout } from './codec.ts';

const limitMegabytes = maximumLineBytes / 1024 / 1024;
const textFile = /\.(txt|text|md)$/i;

/** The text files that lie in a class folder. Hidden files and other kinds are no rows. */
function textFiles(source: FolderSource): FolderFile[] {
  return source
    .files()
    .filter(
      ({ name }) =>
        textFile.test(name) && name.includes('/') && !name.split('/').some((part) => part.startsWith('.')),
    );
}

/** Whether the outermost folders are splits, as in `train/positive/1.txt`. */
function hasSplitFolders(files: readonly FolderFile[]): boolean {
  return files.every(({ name }) => {
    const parts = name.split('/');
    return parts.length >= 3 && readSplitName(parts[0] ?? '') !== undefined;
  });
}

async function readWhole(file: FolderFile): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of file.open()) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > maximumLineBytes) break;
  }
  return concatBytes(chunks);
}

async function readFile(file: FolderFile, line: number): Promise<{ text: string } | { problem: Problem }> {
  const tooLong = { problem: describeProblem('datasets.fileTooLong', { file: file.name, limitMegabytes }) };
  if (file.sizeBytes > maximumLineBytes) return tooLong;
  const bytes = await readWhole(file);
  if (bytes.byteLength > maximumLineBytes) return tooLong;
  const encoding = detectEncodingOfBytes(bytes);
  try {
    const decoder = createDecoder(encoding);
    return { text: decoder.decode(bytes.subarray(byteOrderMarkLength(bytes, encoding))) };
  } catch {
    return { problem: describeProblem('datasets.undecodable', { file: file.name, line, encoding }) };
  }
}

/** A folder per class: the folder's name is the label, each text file in it a row. Lines number the files. */
export const folderCodec: FolderCodec = {
  format: 'folder',
  extensions: [],
  detectLayout(source) {
    const files = textFiles(source);
    if (files.length === 0) {
      return Promise.reject(new TunebenchError('datasets.noClassFolders', { folder: source.name }));
    }
    const columns = ['text', 'label', ...(hasSplitFolders(files) ? ['split'] : []), 'file'];
    return Promise.resolve(plainLayout('folder', null, columns));
  },
  async *readRows(source, layout): AsyncGenerator<RawRow> {
    const withSplit = layout.columns.includes('split');
    let line = 0;
    for (const file of textFiles(source)) {
      line++;
      const read = await readFile(file, 1);
      if ('problem' in read) {
        yield { line, problem: read.problem };
        continue;
      }
      const parts = file.name.split('/');
      const split: Record<string, string> = withSplit ? { split: parts[0] ?? '' } : {};
      const label = parts.slice(withSplit ? 1 : 0, -1).join('/');
      yield { line, fields: { text: read.text, label, ...split, file: file.name } };
    }
  },
};
