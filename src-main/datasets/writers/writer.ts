import type { Fields, FileFormat, Split } from '../../contract/datasets.ts';
import type { ColumnRole } from '../../contract/methods.ts';

export interface WrittenRecord {
  readonly split: Split;
  readonly fields: Fields;
}

/** What is to be written. */
export interface WriteRequest {
  readonly columns: readonly string[];
  readonly roles: Readonly<Partial<Record<ColumnRole, string>>>;
  /**
   * Text tables are going to be opened in a spreadsheet: an apostrophe before cells it would take for formulas, and the
   * mark at the start without which Excel takes UTF-8 for another encoding.
   */
  readonly forSpreadsheets: boolean;
  /** The records in order; called more than once by formats that need to know the types first. */
  records(): Iterable<WrittenRecord>;
}

/** One format of a single file: its bytes in pieces, in constant memory. */
export interface Writer {
  readonly format: Exclude<FileFormat, 'folder'>;
  /** File name ending, with the dot. */
  readonly extension: string;
  write(request: WriteRequest): Iterable<Uint8Array>;
}

const pieceLength = 1 << 16;

/** Text as UTF-8 in pieces of a useful size. Lone halves of a pair, which UTF-8 cannot carry, become U+FFFD. */
export function* encodePieces(texts: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let held: string[] = [];
  let length = 0;
  for (const text of texts) {
    held.push(text);
    length += text.length;
    if (length < pieceLength) continue;
    yield encoder.encode(held.join(''));
    held = [];
    length = 0;
  }
  if (length > 0) yield encoder.encode(held.join(''));
}
