import { randomBytes, randomUUID } from 'node:crypto';
import { quietly } from './atomicFiles.ts';
import { describeFileError } from './fileErrors.ts';
import { type FileSystem, besideName, nodeFileSystem } from './fileSystem.ts';

/** More than what a step of the log or a page of a database takes. */
const probeBytes = 1 << 20;

/**
 * Whether there is no room beside `path`: for failures that do not say so themselves. It is found by writing, since what
 * a disk reports as free may be kept from this person by a quota, and noise, since a file system may pack anything else.
 */
export function isDiskFull(path: string, fileSystem: FileSystem = nodeFileSystem): boolean {
  const probe = besideName(path, `${randomUUID()}.part`);
  let descriptor: number | undefined;
  try {
    descriptor = fileSystem.open(probe, 'create');
    const bytes = randomBytes(probeBytes);
    for (let done = 0; done < bytes.byteLength;) done += fileSystem.write(descriptor, bytes.subarray(done));
    fileSystem.sync(descriptor);
    return false;
  } catch (error) {
    return describeFileError(error, path).code === 'platform.diskFull';
  } finally {
    const open = descriptor;
    if (open !== undefined) quietly(() => fileSystem.close(open));
    quietly(() => fileSystem.remove(probe));
  }
}
