import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open } from 'node:fs/promises';
import {
  appendFileSync,
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describeFileError, withFileErrors } from './fileErrors.ts';

const chunkBytes = 1 << 18;

/** The bytes of a file in chunks, from the start. */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path, { highWaterMark: chunkBytes });
  try {
    for await (const chunk of stream) {
      if (chunk instanceof Uint8Array) yield chunk;
    }
  } catch (error) {
    throw describeFileError(error, path);
  } finally {
    stream.destroy();
  }
}

/**
 * Adds bytes to the end of a file, making it and its folders where they are missing. Where they do not all fit, the file
 * is as it was.
 */
export function appendToFile(path: string, bytes: Uint8Array): void {
  withFileErrors(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(path, 'a');
    try {
      const { size } = fstatSync(descriptor);
      try {
        appendFileSync(descriptor, bytes);
      } catch (error) {
        ftruncateSync(descriptor, size);
        throw error;
      }
    } finally {
      closeSync(descriptor);
    }
  });
}

/** A SHA-256 to be fed with text (as UTF-8), its result in hex. */
export function createSha256(): { update(text: string): void; digest(): string } {
  const hash = createHash('sha256');
  return {
    update: (text) => {
      hash.update(text);
    },
    digest: () => hash.digest('hex'),
  };
}

/** SHA-256 in hex of a file's bytes. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readChunks(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Names (relative, `/` between parts) and sizes of the files below a folder, links not followed, sorted by name. */
export function filesBelow(folder: string): { name: string; sizeBytes: number }[] {
  return withFileErrors(folder, () =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return {
          name: path.slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, ''),
          sizeBytes: statSync(path).size,
        };
      })
      .sort((left, right) => (left.name < right.name ? -1 : 1)),
  );
}

/** Copies the files below a folder, each flushed; progress counts the bytes of finished files. */
export async function copyFolder(
  from: string,
  to: string,
  onProgress?: (doneBytes: number) => void,
): Promise<void> {
  let doneBytes = 0;
  for (const file of filesBelow(from)) {
    const target = join(to, file.name);
    try {
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(from, file.name), target);
      const handle = await open(target, 'r+');
      await handle.sync().finally(() => handle.close());
    } catch (error) {
      throw describeFileError(error, target);
    }
    doneBytes += file.sizeBytes;
    onProgress?.(doneBytes);
  }
}
