import type { FileFormat } from '../../contract/datasets.ts';
import type { Codec } from './codec.ts';
import { csvCodec, tsvCodec } from './delimited.ts';
import { jsonlCodec } from './jsonl.ts';

/** Every file format; a new one is a file and a line. */
export const codecs: Readonly<Record<FileFormat, Codec>> = {
  csv: csvCodec,
  tsv: tsvCodec,
  jsonl: jsonlCodec,
};
