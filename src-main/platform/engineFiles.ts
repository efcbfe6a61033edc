import { join } from 'node:path';
import { recoverFolder, removeFolderAtomically, verifyFolder, writeFolderAtomically } from './atomicFiles.ts';
import { type ByteSource, openByteSource } from './byteSource.ts';
import { TunebenchError } from '../contract/errors/index.ts';
import { withFileErrors } from './fileErrors.ts';
import { type FileSystem, nodeFileSystem } from './fileSystem.ts';
import { freeDiskBytes } from './hardware.ts';
import { createScratchFile } from './scratchFile.ts';

const lineBlockBytes = 1 << 18;
const newline = 0x0a;

/** Lines of a UTF-8 text file, one at a time, without their line ends. */
export function* readLines(path: string, fileSystem: FileSystem = nodeFileSystem): Generator<string> {
  const source = openByteSource(path, fileSystem);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes: Uint8Array) => {
    const text = decoder.decode(bytes);
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  };
  try {
    const held: Uint8Array[] = [];
    for (let offset = 0; offset < source.sizeBytes; offset += lineBlockBytes) {
      const block = source.read(offset, Math.min(lineBlockBytes, source.sizeBytes - offset));
      let start = 0;
      for (let end = block.indexOf(newline); end >= 0; end = block.indexOf(newline, start)) {
        held.push(block.subarray(start, end));
        yield decode(Buffer.concat(held));
        held.length = 0;
        start = end + 1;
      }
      if (start < block.byteLength) held.push(block.subarray(start));
    }
    if (held.length > 0) yield decode(Buffer.concat(held));
  } finally {
    source.close();
  }
}

/** The file system as the engine sees it (`EngineFiles`): synchronous, whole folders written atomically. */
export function createEngineFiles(fileSystem: FileSystem = nodeFileSystem) {
  return {
    join: (...parts: string[]): string => join(...parts),
    exists(path: string): boolean {
      return withFileErrors(path, () => {
        if (fileSystem.status(path) !== undefined) return true;
        recoverFolder(path, fileSystem);
        return fileSystem.status(path) !== undefined;
      });
    },
    /** Names in a folder, sorted, without what an interrupted write left. */
    list: (folder: string): string[] =>
      withFileErrors(folder, () => fileSystem.list(folder).filter((name) => !name.startsWith('.'))),
    open: (path: string): ByteSource => openByteSource(path, fileSystem),
    readText(path: string): string {
      const source = openByteSource(path, fileSystem);
      try {
        return new TextDecoder().decode(source.read(0, source.sizeBytes));
      } finally {
        source.close();
      }
    },
    readLines: (path: string): Iterable<string> => readLines(path, fileSystem),
    writeFolder: (
      target: string,
      write: (file: (name: string) => { write(bytes: Uint8Array): void }) => void,
    ): number => writeFolderAtomically(target, write, fileSystem).sizeBytes,
    verifyFolder(folder: string): boolean {
      try {
        verifyFolder(folder, fileSystem);
        return true;
      } catch (error) {
        if (error instanceof TunebenchError && error.code === 'platform.folderDamaged') return false;
        throw error;
      }
    },
    removeFolder: (folder: string): void => removeFolderAtomically(folder, fileSystem),
    freeBytes: (path: string): number => freeDiskBytes(path),
    createScratch: (path: string) => createScratchFile(path, fileSystem),
  };
}
