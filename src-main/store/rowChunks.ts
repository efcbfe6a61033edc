import type { Fields, Split } from '../contract/datasets.ts';

/** Rows that follow one another in a dataset, as the database keeps them once for all versions that have them. */
export interface RowChunk {
  /** JSON of a list of objects, one for each row. */
  readonly text: string;
  /** Finds the chunks that may be the same; their texts decide. */
  readonly hash: number;
  readonly rows: number;
}

/** A row in so many ends a chunk, so chunks have about that many rows beyond the fewest. */
const rowsPerEnd = 128;
const fewestRows = 32;
const mostRows = 512;
/** UTF-16 units, so that a page of long texts is read without its whole neighbourhood. */
const mostLength = 256 * 1024;

/** FNV-1a over UTF-16 units, with a finaliser that spreads the last ones over all bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/**
 * Cuts rows into chunks. The content of a row says whether a chunk ends behind it, so where rows were changed, added or
 * taken away, the cuts soon fall into the same places again and the other chunks are those of the version before.
 * @param rows JSON of each
 * @param atEnd whether no row follows; otherwise those behind the last cut are left for the next call
 */
export function cutRows(rows: readonly string[], atEnd: boolean): RowChunk[] {
  const chunks: RowChunk[] = [];
  let first = 0;
  let length = 0;
  let hash = 0;
  rows.forEach((row, index) => {
    const own = hashText(row);
    hash = Math.imul(hash ^ own, 0x01000193) >>> 0;
    length += row.length;
    const count = index + 1 - first;
    const ends = (count >= fewestRows && own % rowsPerEnd === 0) || count >= mostRows || length >= mostLength;
    if (!ends && !(atEnd && index === rows.length - 1)) return;
    chunks.push({ text: `[${rows.slice(first, index + 1).join(',')}]`, hash, rows: count });
    first = index + 1;
    length = 0;
    hash = 0;
  });
  return chunks;
}

/** Looking into every value would take longer than reading it; `cutRows` wrote objects. */
function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The rows of a chunk's text. */
export function readChunk(text: string): Fields[] {
  const rows: unknown = JSON.parse(text);
  if (!Array.isArray(rows) || !rows.every(isFields)) throw new Error('a chunk of rows is no list of objects');
  return rows;
}

/** How the split of each row of a chunk stands in the database: a character a row. */
const splitMarks = { train: '0', validation: '1', test: '2' } as const satisfies Record<Split, string>;
const splitsByMark: ReadonlyMap<string, Split> = new Map([
  ['0', 'train'],
  ['1', 'validation'],
  ['2', 'test'],
]);

export const markOf = (split: Split): string => splitMarks[split];

export function splitAt(marks: string, index: number): Split {
  const split = splitsByMark.get(marks.charAt(index));
  if (split === undefined) throw new Error(`no split is marked "${marks.charAt(index)}"`);
  return split;
}
