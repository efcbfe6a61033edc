import type { FileFormat } from '../../../src-main/contract/datasets.ts';

/** How the name of a written file ends. */
export const exportEndings: Readonly<Record<FileFormat, string>> = {
  csv: '.csv',
  tsv: '.tsv',
  jsonl: '.jsonl',
  json: '.json',
  parquet: '.parquet',
  xlsx: '.xlsx',
  text: '.txt',
  paragraphs: '.txt',
  conll: '.conll',
  fasttext: '.ft',
  folder: '',
};

/** A file in a folder, with the separator that the folder uses. */
export function joinPath(folder: string, name: string): string {
  const separator = folder.includes('\\') ? '\\' : '/';
  return `${folder.trim().replace(/[\\/]+$/, '')}${separator}${name}`;
}
