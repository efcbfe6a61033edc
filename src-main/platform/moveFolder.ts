import { dirname } from 'node:path';
import { copyFolder } from './files.ts';
import { withFileErrors } from './fileErrors.ts';
import { type FileSystem, besideName, nodeFileSystem } from './fileSystem.ts';

/** Gives a folder another place on the same disk, durably. Nothing may be at the new place. */
export function moveFolder(from: string, to: string, fileSystem: FileSystem = nodeFileSystem): void {
  withFileErrors(from, () => {
    fileSystem.makeFolder(dirname(to));
    fileSystem.rename(from, to);
    fileSystem.syncFolder(dirname(to));
    fileSystem.syncFolder(dirname(from));
  });
}

/** Copies a folder so that it is there whole or not at all. Nothing may be at the new place. */
export async function copyFolderAtomically(from: string, to: string): Promise<void> {
  const part = besideName(to, 'part');
  try {
    await copyFolder(from, part);
    moveFolder(part, to);
  } catch (error) {
    nodeFileSystem.remove(part);
    throw error;
  }
}
