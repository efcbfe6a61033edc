import type { Fields, FileFormat, ReadOptions } from '../../contract/datasets.ts';
import type { Problem } from '../../contract/errors/index.ts';
import type { Encoding } from '../encoding.ts';
import type { FileSource, FolderSource } from '../source.ts';

/** How a file becomes rows. */
export interface Layout {
  readonly format: FileFormat;
  /** Null for files that are not text. */
  readonly encoding: Encoding | null;
  /** Null for formats without one. */
  readonly delimiter: string | null;
  /** The quotation mark, or null where quotation marks are ordinary characters. */
  readonly quote: string | null;
  /** Only carriage returns separate lines, as in files from very old programs. */
  readonly oldLineEnds: boolean;
  /** The first row holds the column names. */
  readonly hasHeader: boolean;
  readonly columns: readonly string[];
  /** The sheet of a workbook. */
  readonly sheet?: string;
  /** Cells carry the apostrophe of a guarded export. */
  readonly guarded?: boolean;
}

/**
 * A row of a file with the line it begins in, or why it is none. Formats without lines count rows, sheets their own.
 */
export type RawRow =
  | { readonly line: number; readonly fields: Fields; readonly problem?: undefined }
  | { readonly line: number; readonly problem: Problem };

/** One file format. */
export interface Codec<Source = FileSource> {
  readonly format: FileFormat;
  /** File name endings, with the dot. */
  readonly extensions: readonly string[];
  /** Finds out how this file is laid out; what the options say is taken as it is. */
  detectLayout(source: Source, options: ReadOptions): Promise<Layout>;
  /** The rows in order, in constant memory. */
  readRows(source: Source, layout: Layout): AsyncIterable<RawRow>;
}
export type FolderCodec = Codec<FolderSource>;

/** The layout of a format that has nothing to say but its columns. */
export function plainLayout(
  format: FileFormat,
  encoding: Encoding | null,
  columns: readonly string[],
): Layout {
  return { format, encoding, delimiter: null, quote: null, oldLineEnds: false, hasHeader: false, columns };
}
