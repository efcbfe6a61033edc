import { dirname } from 'node:path';
import { openByteSource } from './byteSource.ts';
import { withFileErrors } from './fileErrors.ts';
import { type FileSystem, nodeFileSystem } from './fileSystem.ts';

/** A file that one process fills and reads back. Nothing is flushed: what it holds can be made again. */
export function createScratchFile(path: string, fileSystem: FileSystem = nodeFileSystem) {
  const descriptor = withFileErrors(path, () => {
    fileSystem.makeFolder(dirname(path));
    return fileSystem.open(path, 'create');
  });
  const source = openByteSource(path, fileSystem);
  let sizeBytes = 0;
  return {
    /** @returns where the bytes begin */
    append(bytes: Uint8Array): number {
      const offset = sizeBytes;
      let done = 0;
      while (done < bytes.byteLength) {
        const rest = bytes.subarray(done);
        done += withFileErrors(path, () => fileSystem.write(descriptor, rest));
      }
      sizeBytes += done;
      return offset;
    },
    read: (offset: number, length: number): Uint8Array => source.read(offset, length),
    remove(): void {
      source.close();
      withFileErrors(path, () => {
        fileSystem.close(descriptor);
        fileSystem.remove(path);
      });
    },
  };
}
