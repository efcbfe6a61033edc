import type { FileFormat } from '../../contract/datasets.ts';
import type { Codec } from './codec.ts';
import { conllCodec } from './conll.ts';
import { csvCodec, tsvCodec } from './delimited.ts';
import { fastTextCodec } from './fastText.ts';
import { jsonCodec } from './json.ts';
import { jsonlCodec } from './jsonl.ts';
import { parquetCodec } from './parquet.ts';
import { paragraphsCodec, textCodec } from './textLines.ts';
import { xlsxCodec } from './xlsx/codec.ts';

/** Every format of a single file; a new one is a file and a line. */
export const fileCodecs: Readonly<Record<Exclude<FileFormat, 'folder'>, Codec>> = {
  csv: csvCodec,
  tsv: tsvCodec,
  jsonl: jsonlCodec,
  json: jsonCodec,
  parquet: parquetCodec,
  xlsx: xlsxCodec,
  text: textCodec,
  paragraphs: paragraphsCodec,
  conll: conllCodec,
  fasttext: fastTextCodec,
};
