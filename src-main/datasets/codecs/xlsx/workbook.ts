import { TunebenchError } from '../../../contract/errors/index.ts';
import type { FileSource, RandomAccess } from '../../source.ts';
import { isDateFormat } from './dates.ts';
import { createXmlReader, decodeCellText, type XmlHandlers } from './xml.ts';
import { type ZipEntry, readZipDirectory, readZipEntry } from './zip.ts';

/** The parts of a workbook that its sheets refer to. */
export interface Workbook {
  readonly sheet: { readonly name: string; readonly entry: ZipEntry };
  readonly sharedStrings: readonly string[];
  /** By cell style: whether a number in such a cell is a date. */
  readonly dateStyles: readonly boolean[];
  /** Days count from 1904 instead of 1900. */
  readonly from1904: boolean;
}

const smallPartBytes = 64 * 1024 * 1024;
/** All texts of the sheet are in memory while it is read. */
const sharedStringsBytes = 512 * 1024 * 1024;

type Entries = ReadonlyMap<string, ZipEntry>;

function damaged(file: string, detail: string): TunebenchError {
  return new TunebenchError('datasets.damagedFile', { file, kind: 'XLSX', detail });
}

function readPart(
  archive: RandomAccess,
  file: string,
  entry: ZipEntry,
  handlers: XmlHandlers,
  limitBytes: number = smallPartBytes,
): void {
  const reader = createXmlReader(file, handlers);
  for (const bytes of readZipEntry(archive, file, entry, limitBytes)) reader.write(bytes);
  reader.close();
}

/** The name in the archive of a part named relative to `xl/`. */
function partName(target: string): string {
  return target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`;
}

function readSheets(archive: RandomAccess, file: string, entries: Entries) {
  const workbook = entries.get('xl/workbook.xml');
  const relations = entries.get('xl/_rels/workbook.xml.rels');
  if (workbook === undefined || relations === undefined) throw damaged(file, 'it holds no workbook');
  const sheets: { name: string; relation: string; visible: boolean }[] = [];
  let from1904 = false;
  readPart(archive, file, workbook, {
    onOpen(name, { name: title = '', id = '', state = 'visible', date1904 }) {
      if (name === 'sheet') sheets.push({ name: title, relation: id, visible: state === 'visible' });
      if (name === 'workbookPr' && (date1904 === '1' || date1904 === 'true')) from1904 = true;
    },
  });
  const targets = new Map<string, string>();
  readPart(archive, file, relations, {
    onOpen(name, { Id, Target }) {
      if (name === 'Relationship' && Id !== undefined && Target !== undefined)
        targets.set(Id, partName(Target));
    },
  });
  return { sheets, targets, from1904 };
}

function readSharedStrings(archive: RandomAccess, file: string, entries: Entries): string[] {
  const entry = entries.get('xl/sharedStrings.xml');
  if (entry === undefined) return [];
  const strings: string[] = [];
  let text = '';
  let inText = false;
  let inPhonetic = false;
  const handlers: XmlHandlers = {
    onOpen(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') inPhonetic = true;
      else if (name === 't') inText = !inPhonetic;
    },
    onClose(name) {
      if (name === 'si') strings.push(decodeCellText(text));
      else if (name === 'rPh') inPhonetic = false;
      else if (name === 't') inText = false;
    },
    onText(piece) {
      if (inText) text += piece;
    },
  };
  readPart(archive, file, entry, handlers, sharedStringsBytes);
  return strings;
}

function readDateStyles(archive: RandomAccess, file: string, entries: Entries): boolean[] {
  const entry = entries.get('xl/styles.xml');
  if (entry === undefined) return [];
  const codes = new Map<number, string>();
  const styles: number[] = [];
  let inCells = false;
  readPart(archive, file, entry, {
    onOpen(name, { numFmtId, formatCode }) {
      if (name === 'numFmt' && numFmtId !== undefined) codes.set(Number(numFmtId), formatCode ?? '');
      else if (name === 'cellXfs') inCells = true;
      else if (name === 'xf' && inCells) styles.push(Number(numFmtId ?? 0));
    },
    onClose(name) {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return styles.map((id) => isDateFormat(id, codes.get(id)));
}

/**
 * Opens a workbook at a sheet.
 * @throws TunebenchError `datasets.noSheet` for a name it does not have, `datasets.damagedFile`
 */
export function openWorkbook(
  archive: RandomAccess,
  source: FileSource,
  wanted: string | undefined,
): Workbook {
  const file = source.name;
  const entries = readZipDirectory(archive, file);
  const { sheets, targets, from1904 } = readSheets(archive, file, entries);
  const names = sheets.map(({ name }) => name).join(', ');
  const sheet =
    wanted === undefined
      ? (sheets.find(({ visible }) => visible) ?? sheets[0])
      : sheets.find(({ name }) => name === wanted);
  if (sheet === undefined) throw new TunebenchError('datasets.noSheet', { file, sheet: wanted ?? '', names });
  const entry = entries.get(targets.get(sheet.relation) ?? '');
  if (entry === undefined) throw damaged(file, `the sheet "${sheet.name}" is missing`);
  return {
    sheet: { name: sheet.name, entry },
    sharedStrings: readSharedStrings(archive, file, entries),
    dateStyles: readDateStyles(archive, file, entries),
    from1904,
  };
}
