import { createHash, randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { TunebenchError } from '../contract/errors/index.ts';
import { openByteSource } from './byteSource.ts';
import { describeFileError, withFileErrors } from './fileErrors.ts';
import { type FileSystem, besideName, nodeFileSystem } from './fileSystem.ts';
import { nameParts } from './names.ts';

export const manifestName = 'manifest.json';
const manifestSchema = z.object({
  files: z.record(z.string(), z.object({ sizeBytes: z.number().int(), sha256: z.string() })),
});
/** What a folder written whole holds: size and SHA-256 of every file, by name. */
export type FolderManifest = z.infer<typeof manifestSchema>;

export interface FileWriter {
  write(bytes: Uint8Array): void;
}

const partSuffix = 'part';
const previousSuffix = 'previous';
const readBlockBytes = 1 << 20;

function writeAll(fileSystem: FileSystem, descriptor: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.byteLength) done += fileSystem.write(descriptor, bytes.subarray(done));
}

/** Cleaning up must neither hide the failure before it nor make a failure of what succeeded. */
export function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The failure that led here is the one to report.
  }
}

/** A file or folder that gets its name only when it is whole. */
interface AtomicTarget {
  /** Flushes everything and gives it its name. */
  finish(): void;
  /** Removes what was written. */
  abandon(): void;
}
export type AtomicFile = FileWriter & AtomicTarget;

/**
 * Begins a file so that readers, also after a crash or a full disk, see the old content or the new, never a part: beside
 * the target, flushed, renamed over it, the folder flushed. Folders above it are made. Whatever throws, `abandon` is to
 * be called.
 */
export function createAtomicFile(path: string, fileSystem: FileSystem = nodeFileSystem): AtomicFile {
  const part = besideName(path, `${randomUUID()}.${partSuffix}`);
  let descriptor: number | undefined = withFileErrors(path, () => {
    fileSystem.makeFolder(dirname(path));
    return fileSystem.open(part, 'create');
  });
  return {
    write(bytes) {
      const open = descriptor;
      if (open !== undefined) withFileErrors(path, () => writeAll(fileSystem, open, bytes));
    },
    finish() {
      const finished = descriptor;
      if (finished === undefined) return;
      withFileErrors(path, () => {
        fileSystem.sync(finished);
        descriptor = undefined;
        fileSystem.close(finished);
        fileSystem.rename(part, path);
        fileSystem.syncFolder(dirname(path));
      });
    },
    abandon() {
      const open = descriptor;
      descriptor = undefined;
      if (open !== undefined) quietly(() => fileSystem.close(open));
      quietly(() => fileSystem.remove(part));
    },
  };
}

/** Begins a folder of new files in the same way; nothing may be at `folder` yet. */
export function createAtomicFolder(
  folder: string,
  fileSystem: FileSystem = nodeFileSystem,
): AtomicTarget & { add(name: string, content: string): void } {
  const part = besideName(folder, `${randomUUID()}.${partSuffix}`);
  const folders = new Set([part]);
  withFileErrors(folder, () => fileSystem.makeFolder(part));
  return {
    add(name, content) {
      const parts = nameParts(name);
      const path = join(part, ...parts);
      for (let depth = 1; depth < parts.length; depth++) folders.add(join(part, ...parts.slice(0, depth)));
      withFileErrors(folder, () => {
        fileSystem.makeFolder(dirname(path));
        const descriptor = fileSystem.open(path, 'create');
        try {
          writeAll(fileSystem, descriptor, new TextEncoder().encode(content));
          fileSystem.sync(descriptor);
        } finally {
          fileSystem.close(descriptor);
        }
      });
    },
    finish() {
      withFileErrors(folder, () => {
        for (const path of [...folders].reverse()) fileSystem.syncFolder(path);
        fileSystem.rename(part, folder);
        fileSystem.syncFolder(dirname(folder));
      });
    },
    abandon: () => quietly(() => fileSystem.remove(part)),
  };
}

/** Writes a file whole or not at all, as `createAtomicFile` does. */
export function writeFileAtomically(
  path: string,
  content: string | Uint8Array | Iterable<Uint8Array>,
  fileSystem: FileSystem = nodeFileSystem,
): void {
  const file = createAtomicFile(path, fileSystem);
  try {
    if (typeof content === 'string') file.write(new TextEncoder().encode(content));
    else if (content instanceof Uint8Array) file.write(content);
    else for (const chunk of content) file.write(chunk);
    file.finish();
  } catch (error) {
    file.abandon();
    throw describeFileError(error, path);
  }
}

/**
 * Lets others write a file, in a folder of its own with whatever they need beside it, and gives it its name when it is
 * whole. What `write` throws passes through; nothing is left then.
 */
export function placeFileAtomically(
  path: string,
  write: (part: string) => void,
  fileSystem: FileSystem = nodeFileSystem,
): void {
  const folder = besideName(path, `${randomUUID()}.${partSuffix}`);
  const part = join(folder, basename(path));
  try {
    withFileErrors(path, () => fileSystem.makeFolder(folder));
    write(part);
    withFileErrors(path, () => {
      const descriptor = fileSystem.open(part, 'append');
      try {
        fileSystem.sync(descriptor);
      } finally {
        fileSystem.close(descriptor);
      }
      fileSystem.rename(part, path);
      fileSystem.syncFolder(dirname(path));
    });
  } finally {
    quietly(() => fileSystem.remove(folder));
  }
}

/**
 * Takes a folder away whole, where there is one: it loses its name first, so that nothing that is broken off leaves a
 * part of it under that name. What could not be removed after that goes at the next start.
 */
export function removeFolderAtomically(folder: string, fileSystem: FileSystem = nodeFileSystem): void {
  const part = besideName(folder, `${randomUUID()}.${partSuffix}`);
  withFileErrors(folder, () => {
    if (fileSystem.status(folder) === undefined) return;
    try {
      fileSystem.rename(folder, part);
    } catch {
      // A full disk may have no room for another name, and removing is what makes room.
      fileSystem.remove(folder);
    }
  });
  quietly(() => fileSystem.remove(part));
}

/**
 * Finishes what a crash in the middle of replacing `folder` left: without the new version the previous one comes back;
 * with it the previous one goes.
 */
export function recoverFolder(folder: string, fileSystem: FileSystem = nodeFileSystem): void {
  const previous = besideName(folder, previousSuffix);
  withFileErrors(folder, () => {
    if (fileSystem.status(previous) === undefined) return;
    if (fileSystem.status(folder) === undefined) fileSystem.rename(previous, folder);
    else fileSystem.remove(previous);
  });
}

/** Puts `part` in the place of `folder`, whose old version stays reachable until the new one has its name. */
function moveIntoPlace(part: string, folder: string, fileSystem: FileSystem): void {
  const previous = besideName(folder, previousSuffix);
  const replaces = fileSystem.status(folder) !== undefined;
  if (replaces) fileSystem.rename(folder, previous);
  try {
    fileSystem.rename(part, folder);
  } catch (error) {
    if (replaces) fileSystem.rename(previous, folder);
    throw error;
  }
  fileSystem.syncFolder(dirname(folder));
  // Failing to remove what is no longer needed is no failure: the next recovery does it.
  if (replaces) quietly(() => fileSystem.remove(previous));
}

/**
 * Writes a whole folder beside its target, every file flushed, `manifest.json` (sizes and SHA-256) last, and moves it
 * into place. Names may have `/` between parts.
 */
export function writeFolderAtomically(
  folder: string,
  write: (file: (name: string) => FileWriter) => void,
  fileSystem: FileSystem = nodeFileSystem,
): { sizeBytes: number; manifest: FolderManifest } {
  const part = besideName(folder, `${randomUUID()}.${partSuffix}`);
  const descriptors = new Set<number>();
  try {
    recoverFolder(folder, fileSystem);
    fileSystem.makeFolder(part);
    const folders = new Set([part]);
    const files = new Map<
      string,
      { descriptor: number; hash: ReturnType<typeof createHash>; size: number }
    >();
    write((name) => {
      const parts = nameParts(name);
      const path = join(part, ...parts);
      if (parts.length > 1) fileSystem.makeFolder(dirname(path));
      for (let depth = 1; depth < parts.length; depth++) folders.add(join(part, ...parts.slice(0, depth)));
      const descriptor = fileSystem.open(path, 'create');
      descriptors.add(descriptor);
      const file = { descriptor, hash: createHash('sha256'), size: 0 };
      files.set(name, file);
      return {
        write(bytes) {
          writeAll(fileSystem, descriptor, bytes);
          file.hash.update(bytes);
          file.size += bytes.byteLength;
        },
      };
    });
    const close = (descriptor: number) => {
      fileSystem.sync(descriptor);
      descriptors.delete(descriptor);
      fileSystem.close(descriptor);
    };
    const manifest: FolderManifest = { files: {} };
    let sizeBytes = 0;
    for (const [name, file] of files) {
      close(file.descriptor);
      manifest.files[name] = { sizeBytes: file.size, sha256: file.hash.digest('hex') };
      sizeBytes += file.size;
    }
    const manifestDescriptor = fileSystem.open(join(part, manifestName), 'create');
    descriptors.add(manifestDescriptor);
    const manifestBytes = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
    writeAll(fileSystem, manifestDescriptor, manifestBytes);
    close(manifestDescriptor);
    for (const path of [...folders].reverse()) fileSystem.syncFolder(path);
    moveIntoPlace(part, folder, fileSystem);
    return { sizeBytes: sizeBytes + manifestBytes.byteLength, manifest };
  } catch (error) {
    for (const descriptor of descriptors) quietly(() => fileSystem.close(descriptor));
    quietly(() => fileSystem.remove(part));
    throw describeFileError(error, folder);
  }
}

/**
 * Sizes and hashes of a folder written by `writeFolderAtomically`, as noted when it was written.
 * @throws TunebenchError `platform.folderDamaged` where there is no list that can be read
 */
export function readManifest(folder: string, fileSystem: FileSystem = nodeFileSystem): FolderManifest {
  const path = join(folder, manifestName);
  const damaged = (detail: string, cause?: unknown) =>
    new TunebenchError('platform.folderDamaged', { folder, file: manifestName, detail }, { cause });
  if (fileSystem.status(path) === undefined) throw damaged('there is no manifest');
  const source = openByteSource(path, fileSystem);
  try {
    return manifestSchema.parse(
      JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(source.read(0, source.sizeBytes))),
    );
  } catch (error) {
    throw damaged('the manifest cannot be read', error);
  } finally {
    source.close();
  }
}

/**
 * Reads every byte of a folder written by `writeFolderAtomically`.
 * @throws TunebenchError `platform.folderDamaged` at the first file that is missing, of another size or changed
 */
export function verifyFolder(folder: string, fileSystem: FileSystem = nodeFileSystem): FolderManifest {
  recoverFolder(folder, fileSystem);
  const manifest = readManifest(folder, fileSystem);
  for (const [name, expected] of Object.entries(manifest.files)) {
    const damaged = (detail: string) =>
      new TunebenchError('platform.folderDamaged', { folder, file: name, detail });
    const path = join(folder, ...nameParts(name));
    if (fileSystem.status(path)?.kind !== 'file') throw damaged('it is missing');
    const source = openByteSource(path, fileSystem);
    try {
      if (source.sizeBytes !== expected.sizeBytes) {
        throw damaged(`${source.sizeBytes} bytes instead of ${expected.sizeBytes}`);
      }
      const hash = createHash('sha256');
      for (let offset = 0; offset < source.sizeBytes; offset += readBlockBytes) {
        hash.update(source.read(offset, Math.min(readBlockBytes, source.sizeBytes - offset)));
      }
      if (hash.digest('hex') !== expected.sha256) throw damaged('its SHA-256 differs');
    } finally {
      source.close();
    }
  }
  return manifest;
}

/** Removes what interrupted writes left in a folder and brings back versions caught in the middle of a replacement. */
export function cleanLeftovers(parent: string, fileSystem: FileSystem = nodeFileSystem): void {
  withFileErrors(parent, () => {
    for (const name of fileSystem.list(parent)) {
      if (!name.startsWith('.')) continue;
      if (name.endsWith(`.${partSuffix}`)) fileSystem.remove(join(parent, name));
      else if (name.endsWith(`.${previousSuffix}`)) {
        recoverFolder(join(parent, name.slice(1, -previousSuffix.length - 1)), fileSystem);
      }
    }
  });
}
