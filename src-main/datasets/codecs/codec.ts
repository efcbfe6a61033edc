import type { FileFormat } from '../../contract/datasets.ts';
import type { Problem } from '../../contract/errors/index.ts';
import type { TextBlock } from '../textBlocks.ts';

/** How the text of a file becomes rows. */
export interface Layout {
  readonly format: FileFormat;
  /** Null for formats without one. */
  readonly delimiter: string | null;
  /** The quotation mark, or null where quotation marks are ordinary characters. */
  readonly quote: string | null;
  /** Only carriage returns separate lines, as in files from very old programs. */
  readonly oldLineEnds: boolean;
  /** The first row holds the column names. */
  readonly hasHeader: boolean;
  readonly columns: readonly string[];
}

/** A row of a file with the line it begins in, or why it is none. */
export type RawRow =
  | { readonly line: number; readonly fields: Readonly<Record<string, string>>; readonly problem?: undefined }
  | { readonly line: number; readonly problem: Problem };

/** One file format. `file` is the name for messages. */
export interface Codec {
  readonly format: FileFormat;
  /** File name endings, with the dot. */
  readonly extensions: readonly string[];
  readRows(blocks: AsyncIterable<TextBlock>, layout: Layout, file: string): AsyncIterable<RawRow>;
}
