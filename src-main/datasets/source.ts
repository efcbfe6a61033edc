import type { Split } from '../contract/datasets.ts';

/** A file opened for reading at any place. */
export interface RandomAccess {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `offset`; throws when the file ends before. */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

export type Compression = 'gzip' | 'zstd' | 'brotli';

/** A file handed in from outside. `open` may be called several times, each from the start. */
export interface FileSource {
  readonly kind: 'file';
  /** File name: a hint of the format, and what messages call the file. */
  readonly name: string;
  /** The split of every row of this file, where that is known. */
  readonly split?: Split;
  open(): AsyncIterable<Uint8Array>;
  openBytes(): RandomAccess;
  /** Undoes a compression inside the file; throws when more than `maximumBytes` come out. */
  decompress(compression: Compression, bytes: Uint8Array, maximumBytes: number): Uint8Array;
}

/** A file below a folder, its name relative to it with `/` between parts. */
export interface FolderFile {
  readonly name: string;
  readonly sizeBytes: number;
  open(): AsyncIterable<Uint8Array>;
}

/** A folder of text files handed in from outside. */
export interface FolderSource {
  readonly kind: 'folder';
  readonly name: string;
  readonly split?: Split;
  /** Sorted by name. */
  files(): readonly FolderFile[];
}

export type DatasetSource = FileSource | FolderSource;

/** Longer lines are refused: they are nearly always a missing line break, and no model reads them. */
export const maximumLineBytes = 8 * 1024 * 1024;
export const maximumColumns = 1000;
/** Problems of rows are counted in full and listed up to this many. */
export const listedProblems = 20;
