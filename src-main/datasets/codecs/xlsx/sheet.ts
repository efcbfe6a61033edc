import type { FieldValue } from '../../../contract/datasets.ts';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { type RandomAccess, maximumColumns, maximumLineBytes } from '../../source.ts';
import { dateOfNumber } from './dates.ts';
import type { Workbook } from './workbook.ts';
import { createXmlReader, decodeCellText } from './xml.ts';
import { readZipEntry } from './zip.ts';

export interface SheetRow {
  /** As the sheet counts, from 1. */
  readonly number: number;
  /** By column, '' where a cell is empty; undefined where the row is too long. */
  readonly cells: readonly FieldValue[] | undefined;
}

const sheetBytes = 8 * 1024 * 1024 * 1024;

/** `BC12` → 54, counted from 0. */
function columnOf(reference: string): number {
  let column = 0;
  for (const character of reference) {
    const letter = character.charCodeAt(0) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  value: string;
  formula: string;
  inline: string;
}

function readCell(cell: OpenCell, workbook: Workbook): FieldValue {
  const { type, value, formula, inline } = cell;
  if (type === 'inlineStr') return decodeCellText(inline);
  // A formula nobody has computed yet is shown as it is written.
  if (value === '') return formula === '' ? '' : `=${formula}`;
  if (type === 's') return workbook.sharedStrings[Number(value)] ?? '';
  if (type === 'b') return value === '1';
  if (type === 'str') return decodeCellText(value);
  if (type === 'e' || type === 'd') return value;
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  return workbook.dateStyles[cell.style] === true ? dateOfNumber(number, workbook.from1904) : number;
}

/** The rows of a sheet that have a cell, in constant memory. */
export function* readSheetRows(archive: RandomAccess, file: string, workbook: Workbook): Generator<SheetRow> {
  let finished: SheetRow[] = [];
  let number = 0;
  let cells: FieldValue[] = [];
  let length = 0;
  let cell: OpenCell | undefined;
  let part: 'value' | 'formula' | 'inline' | undefined;
  let inPhonetic = false;
  const reader = createXmlReader(file, {
    onOpen(name, { r, t = 'n', s = '0' }) {
      if (name === 'row') {
        number = r === undefined ? number + 1 : Number(r);
        cells = [];
        length = 0;
      } else if (name === 'c') {
        const column = r === undefined ? cells.length : columnOf(r);
        if (column >= maximumColumns) {
          throw new TunebenchError('datasets.tooManyColumns', { file, limit: maximumColumns });
        }
        cell = { column, type: t, style: Number(s), value: '', formula: '', inline: '' };
      } else if (name === 'v') part = 'value';
      else if (name === 'f') part = 'formula';
      else if (name === 'rPh') inPhonetic = true;
      else if (name === 't') part = inPhonetic ? undefined : 'inline';
    },
    onText(text) {
      if (cell === undefined || part === undefined) return;
      length += text.length;
      if (length <= maximumLineBytes) cell[part] += text;
    },
    onClose(name) {
      if (name === 'v' || name === 'f' || name === 't') part = undefined;
      else if (name === 'rPh') inPhonetic = false;
      else if (name === 'c' && cell !== undefined) {
        while (cells.length < cell.column) cells.push('');
        cells[cell.column] = readCell(cell, workbook);
        cell = undefined;
      } else if (name === 'row') {
        if (length > maximumLineBytes) finished.push({ number, cells: undefined });
        else if (cells.some((value) => value !== '')) finished.push({ number, cells });
      }
    },
  });
  for (const bytes of readZipEntry(archive, file, workbook.sheet.entry, sheetBytes)) {
    reader.write(bytes);
    yield* finished;
    finished = [];
  }
  reader.close();
  yield* finished;
}
