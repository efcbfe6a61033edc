import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { type FieldValue, textOf } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { encodeCellText } from '../codecs/xlsx/xml.ts';
import { type WriteRequest, type Writer, encodePieces } from './writer.ts';

/** What a sheet can hold, by the specification of Excel. */
const mostRows = 1_048_576;
const mostColumns = 16_384;
const longestCell = 32_767;

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const spreadsheet = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const officeRelations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';

const fixedParts: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `${head}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
  '_rels/.rels': `${head}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${officeRelations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${head}<workbook xmlns="${spreadsheet}" xmlns:r="${officeRelations}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${officeRelations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};

/** Text is written as text, never as a formula, so it needs no guard. */
function writeCell(value: FieldValue | undefined, row: number, column: string): string {
  if (typeof value === 'number') return `<c><v>${value}</v></c>`;
  if (typeof value === 'boolean') return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
  const text = textOf(value);
  if (text === '') return '<c/>';
  if (text.length > longestCell) {
    throw new TunebenchError('datasets.cellTooLong', {
      row,
      column,
      length: text.length,
      limit: longestCell,
    });
  }
  return `<c t="inlineStr"><is><t xml:space="preserve">${encodeCellText(text)}</t></is></c>`;
}

function* sheetTexts({ columns, records }: WriteRequest): Generator<string> {
  if (columns.length > mostColumns) {
    throw new TunebenchError('datasets.tooManyColumns', { file: 'XLSX', limit: mostColumns });
  }
  yield `${head}<worksheet xmlns="${spreadsheet}"><sheetData>`;
  yield `<row>${columns.map((name) => writeCell(name, 1, name)).join('')}</row>`;
  let row = 1;
  for (const { fields } of records()) {
    row++;
    if (row > mostRows) throw new TunebenchError('datasets.tooManySheetRows', { limit: mostRows - 1 });
    yield `<row>${columns.map((name) => writeCell(fields[name], row, name)).join('')}</row>`;
  }
  yield '</sheetData></worksheet>';
}

function* pieces(request: WriteRequest): Generator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, bytes) => {
    failure ??= error;
    ready.push(bytes);
  });
  function* take(): Generator<Uint8Array> {
    if (failure !== null) throw failure;
    yield* ready;
    ready = [];
  }
  for (const [name, content] of Object.entries(fixedParts)) {
    const part = new ZipPassThrough(name);
    zip.add(part);
    part.push(new TextEncoder().encode(content), true);
  }
  const sheet = new ZipDeflate('xl/worksheets/sheet1.xml', { level: 6 });
  zip.add(sheet);
  for (const bytes of encodePieces(sheetTexts(request))) {
    sheet.push(bytes);
    yield* take();
  }
  sheet.push(new Uint8Array(0), true);
  zip.end();
  yield* take();
}

/** A workbook with one sheet, readable by Excel and its relatives. */
export const xlsxWriter: Writer = { format: 'xlsx', extension: '.xlsx', write: pieces };
