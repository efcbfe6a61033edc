/** A file opened for reading at any place. Reads are synchronous: weights are read once, in order, in a process of their own. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `offset`; the caller stays inside the file. */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

/** A file being written from start to end. */
export interface ByteSink {
  write(bytes: Uint8Array): void;
}

/** A file for what does not fit into memory: nobody else reads it, and it need not outlive the process. */
export interface ScratchFile {
  /** @returns where the bytes begin */
  append(bytes: Uint8Array): number;
  /** Exactly `length` bytes from `offset`, all of them appended before. */
  read(offset: number, length: number): Uint8Array;
  remove(): void;
}

/** What writes a whole folder. */
export interface FolderWriter {
  /**
   * Writes a whole folder beside its target, flushed, with a manifest of sizes and SHA-256, and then moves it into
   * place: readers see the old folder or the new one, never a part.
   * @returns the folder's size in bytes
   */
  writeFolder(target: string, write: (file: (name: string) => ByteSink) => void): number;
}

/**
 * What the engine needs of a file system. The engine has no file access of its own: hosts hand this in. Paths are
 * opaque; `join` makes them.
 */
export interface EngineFiles extends FolderWriter {
  join(...parts: string[]): string;
  exists(path: string): boolean;
  list(folder: string): string[];
  open(path: string): ByteSource;
  readText(path: string): string;
  /** Lines of a text file, one at a time. */
  readLines(path: string): Iterable<string>;
  /** Whether a folder written by `writeFolder` is whole: every size and hash of its manifest is right. */
  verifyFolder(folder: string): boolean;
  removeFolder(folder: string): void;
  /** Space left on the disk of a path, which need not exist yet. */
  freeBytes(path: string): number;
  /** An empty scratch file; the folders above it are made where they are missing. */
  createScratch(path: string): ScratchFile;
}
