import { type WriteRequest, type Writer, encodePieces } from './writer.ts';

function* jsonLines({ records }: WriteRequest): Generator<string> {
  for (const { fields } of records()) yield `${JSON.stringify(fields)}\n`;
}

function* jsonArray({ records }: WriteRequest): Generator<string> {
  let separator = '[\n';
  for (const { fields } of records()) {
    yield `${separator}${JSON.stringify(fields)}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

export const jsonlWriter: Writer = {
  format: 'jsonl',
  extension: '.jsonl',
  write: (request) => encodePieces(jsonLines(request)),
};
export const jsonWriter: Writer = {
  format: 'json',
  extension: '.json',
  write: (request) => encodePieces(jsonArray(request)),
};
