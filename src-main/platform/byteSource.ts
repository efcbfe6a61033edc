import { TunebenchError } from '../contract/errors/index.ts';
import { describeFileError, withFileErrors } from './fileErrors.ts';
import { type FileSystem, nodeFileSystem } from './fileSystem.ts';

/** A file opened for reading at any place. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `offset`; throws when the file ends before. */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

export function openByteSource(path: string, fileSystem: FileSystem = nodeFileSystem): ByteSource {
  if (fileSystem.status(path)?.kind === 'folder') throw new TunebenchError('platform.notAFile', { path });
  const descriptor = withFileErrors(path, () => fileSystem.open(path, 'read'));
  let sizeBytes: number;
  try {
    sizeBytes = fileSystem.sizeOf(descriptor);
  } catch (error) {
    fileSystem.close(descriptor);
    throw describeFileError(error, path);
  }
  return {
    sizeBytes,
    read(offset, length) {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const position = offset + done;
        const count = withFileErrors(path, () => fileSystem.read(descriptor, bytes.subarray(done), position));
        if (count === 0) {
          const detail = `${length} bytes wanted at ${offset}, but the file ends at ${position}`;
          throw new TunebenchError('platform.fileFailed', { path, detail });
        }
        done += count;
      }
      return bytes;
    },
    close: () => withFileErrors(path, () => fileSystem.close(descriptor)),
  };
}
