import type { RecordShape } from '../../contract/datasets.ts';
import { shapes } from '../shapes/registry.ts';
import { conllWriter } from './conll.ts';
import { csvWriter, tsvWriter } from './delimited.ts';
import { fastTextWriter } from './fastText.ts';
import { jsonWriter, jsonlWriter } from './json.ts';
import { parquetWriter } from './parquet.ts';
import { paragraphsWriter, textWriter } from './text.ts';
import type { WriteRequest, Writer } from './writer.ts';
import { xlsxWriter } from './xlsx.ts';

/** Every format of a single file that can be written; a new one is a file and a line. */
export const writers: Readonly<Record<Writer['format'], Writer>> = {
  csv: csvWriter,
  tsv: tsvWriter,
  jsonl: jsonlWriter,
  json: jsonWriter,
  parquet: parquetWriter,
  xlsx: xlsxWriter,
  text: textWriter,
  paragraphs: paragraphsWriter,
  conll: conllWriter,
  fasttext: fastTextWriter,
};

/** The same request with its records laid out in another shape. */
export function inShape(request: WriteRequest, shape: RecordShape): WriteRequest {
  if (shape === 'plain') return request;
  const { roles } = request;
  const columns = { prompt: roles.prompt ?? roles.text, completion: roles.completion ?? roles.label };
  const collapse = (fields: Parameters<(typeof shapes)[RecordShape]['collapse']>[0]) =>
    shapes[shape].collapse(fields, columns);
  const names = new Set<string>();
  for (const { fields } of request.records())
    for (const name of Object.keys(collapse(fields))) names.add(name);
  return {
    ...request,
    columns: [...names],
    *records() {
      for (const { split, fields } of request.records()) yield { split, fields: collapse(fields) };
    },
  };
}
