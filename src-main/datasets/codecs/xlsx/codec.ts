import { TunebenchError, describeProblem } from '../../../contract/errors/index.ts';
import { type FieldValue, type ReadOptions, textOf } from '../../../contract/datasets.ts';
import { looksLikeHeader } from '../../delimiters.ts';
import { type FileSource, maximumLineBytes } from '../../source.ts';
import { type Codec, type RawRow, plainLayout } from '../codec.ts';
import { headerNames } from '../delimitedLayout.ts';
import { type SheetRow, readSheetRows } from './sheet.ts';
import { openWorkbook } from './workbook.ts';

const limitMegabytes = maximumLineBytes / 1024 / 1024;
const judgedRows = 100;

function* rowsOf(source: FileSource, sheet: string | undefined): Generator<SheetRow> {
  const archive = source.openBytes();
  try {
    yield* readSheetRows(archive, source.name, openWorkbook(archive, source, sheet));
  } finally {
    archive.close();
  }
}

function firstRows(source: FileSource, options: ReadOptions): (readonly FieldValue[])[] {
  const first: (readonly FieldValue[])[] = [];
  for (const { cells } of rowsOf(source, options.sheet)) {
    if (cells !== undefined) first.push(cells);
    if (first.length >= judgedRows) break;
  }
  return first;
}

/** Workbooks of Excel and its relatives: one sheet, values as they are stored, formulas by their last result. */
export const xlsxCodec: Codec = {
  format: 'xlsx',
  extensions: ['.xlsx', '.xlsm'],
  detectLayout(source, options) {
    const file = source.name;
    const rows = firstRows(source, options);
    const [first] = rows;
    if (first === undefined) return Promise.reject(new TunebenchError('datasets.emptyFile', { file }));
    const width = Math.max(...rows.map((cells) => cells.length));
    const texts = rows.map((cells) => cells.map(textOf));
    const layout = plainLayout('xlsx', null, []);
    const sheet = options.sheet === undefined ? {} : { sheet: options.sheet };
    if (options.columns !== undefined) {
      const columns = headerNames(options.columns, file);
      if (columns.length < width) {
        const details = { file, given: columns.length, found: width };
        return Promise.reject(new TunebenchError('datasets.columnCount', details));
      }
      const hasHeader = first.every((cell, index) => textOf(cell).trim() === columns[index]);
      return Promise.resolve({ ...layout, ...sheet, hasHeader, columns });
    }
    const hasHeader = first.every((cell) => typeof cell === 'string') && looksLikeHeader(texts);
    const names = hasHeader ? (texts[0] ?? []) : [];
    const columns = headerNames(
      Array.from({ length: width }, (_, index) => names[index] ?? ''),
      file,
    );
    return Promise.resolve({ ...layout, ...sheet, hasHeader, columns });
  },
  async *readRows(source, layout): AsyncGenerator<RawRow> {
    const { columns } = layout;
    let header = layout.hasHeader;
    for (const { number: line, cells } of rowsOf(source, layout.sheet)) {
      if (cells === undefined) {
        yield { line, problem: describeProblem('datasets.lineTooLong', { line, limitMegabytes }) };
      } else if (header) {
        header = false;
      } else if (cells.length > columns.length) {
        const params = { line, found: cells.length, expected: columns.length };
        yield { line, problem: describeProblem('datasets.fieldCount', params) };
      } else {
        yield {
          line,
          fields: Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ''])),
        };
      }
    }
  },
};
