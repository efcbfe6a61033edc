import { textOf } from '../../contract/datasets.ts';
import { withFormulaGuard } from '../formulaGuard.ts';
import { type WriteRequest, type Writer, encodePieces } from './writer.ts';

/** RFC 4180: quotation marks where the text has a delimiter, a quotation mark, a line end, or blanks at its ends. */
function quoteField(text: string, delimiter: string): string {
  const needsQuotes = text === '' || text.includes(delimiter) || /["\r\n]|^\s|\s$|^\ufeff/.test(text);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}

function* lines({ columns, forSpreadsheets, records }: WriteRequest, delimiter: string): Generator<string> {
  const guard = forSpreadsheets ? withFormulaGuard : (text: string) => text;
  const line = (cells: readonly string[]) =>
    `${cells.map((text) => quoteField(guard(text), delimiter)).join(delimiter)}\r\n`;
  yield `${forSpreadsheets ? '\ufeff' : ''}${line(columns)}`;
  for (const { fields } of records()) yield line(columns.map((name) => textOf(fields[name])));
}

export const csvWriter: Writer = {
  format: 'csv',
  extension: '.csv',
  write: (request) => encodePieces(lines(request, ',')),
};
export const tsvWriter: Writer = {
  format: 'tsv',
  extension: '.tsv',
  write: (request) => encodePieces(lines(request, '\t')),
};
