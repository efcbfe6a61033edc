import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export type OpenMode = 'read' | 'create' | 'append';
export interface FileStatus {
  readonly kind: 'file' | 'folder' | 'other';
  readonly sizeBytes: number;
}

/**
 * The file operations everything durable is built from. Tests hand in one that fails at its i-th call, so each method
 * is one operation that can fail by itself.
 */
export interface FileSystem {
  /** `create` empties an existing file. */
  open(path: string, mode: OpenMode): number;
  /** Bytes read into `target`, 0 at the end of the file. */
  read(descriptor: number, target: Uint8Array, position: number): number;
  /** Bytes written, which may be fewer than given. */
  write(descriptor: number, bytes: Uint8Array): number;
  sync(descriptor: number): void;
  close(descriptor: number): void;
  sizeOf(descriptor: number): number;
  rename(from: string, to: string): void;
  /** Removes a file or a whole folder; nothing happens when there is none. */
  remove(path: string): void;
  /** Creates a folder and its parents where they are missing. */
  makeFolder(path: string): void;
  /** Makes renames inside a folder durable. */
  syncFolder(path: string): void;
  /** Names in a folder, sorted. */
  list(path: string): string[];
  status(path: string): FileStatus | undefined;
}

// Node refuses single transfers of 2 GiB and more; callers loop anyway.
const largestTransferBytes = 1 << 30;
const flags: Record<OpenMode, string> = { read: 'r', create: 'w', append: 'a' };

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

export const nodeFileSystem: FileSystem = {
  open: (path, mode) => openSync(path, flags[mode]),
  read: (descriptor, target, position) =>
    readSync(descriptor, target, 0, Math.min(target.byteLength, largestTransferBytes), position),
  write: (descriptor, bytes) =>
    writeSync(descriptor, bytes, 0, Math.min(bytes.byteLength, largestTransferBytes)),
  sync: (descriptor) => fsyncSync(descriptor),
  close: (descriptor) => closeSync(descriptor),
  sizeOf: (descriptor) => fstatSync(descriptor).size,
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  makeFolder: (path) => {
    mkdirSync(path, { recursive: true });
  },
  syncFolder(path) {
    // Windows cannot open a folder as a file; its renames are journalled by NTFS instead.
    if (process.platform === 'win32') return;
    const descriptor = openSync(path, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  },
  list: (path) => readdirSync(path).sort(),
  status(path) {
    try {
      const found = statSync(path);
      return {
        kind: found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other',
        sizeBytes: found.size,
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
};

/** A hidden name beside `path`, so that a rename to `path` stays on one file system. */
export function besideName(path: string, suffix: string): string {
  const parent = dirname(path);
  return join(parent, `.${path.slice(parent.length).replace(/^[\\/]+/, '')}.${suffix}`);
}
