import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { TunebenchError } from '../contract/errors/index.ts';
import { createAtomicFile } from './atomicFiles.ts';
import { type ByteSource, openByteSource } from './byteSource.ts';
import { withFileErrors } from './fileErrors.ts';
import { readChunks } from './files.ts';
import { besideName, nodeFileSystem } from './fileSystem.ts';
import { nameParts } from './names.ts';
import { type TarEntry, readTar, tarEnd, tarHeader, tarPadding } from './tar.ts';

const manifestName = 'backup.json';
const chunkBytes = 1 << 20;

const manifestSchema = z.object({
  format: z.literal('tunebench backup'),
  version: z.literal(1),
  createdAt: z.string(),
  /** The data folder it was made of. */
  folder: z.string(),
  files: z.array(z.object({ name: z.string(), sizeBytes: z.number().int(), sha256: z.string() })),
});
export type BackupManifest = z.infer<typeof manifestSchema>;

export interface BackupEntry {
  /** Inside the data folder, `/` between parts. */
  readonly name: string;
  /** Where its bytes are now. */
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * Writes files into one archive, the list with their hashes last; a failure leaves nothing behind. Any program for tar
 * archives opens it.
 * @throws TunebenchError where a file cannot be read or changed meanwhile, or the disk is full
 */
export async function writeBackup(
  target: string,
  folder: string,
  entries: readonly BackupEntry[],
): Promise<{ sizeBytes: number; files: number }> {
  const archive = createAtomicFile(target);
  const files: BackupManifest['files'] = [];
  let written = 0;
  const write = (bytes: Uint8Array) => {
    archive.write(bytes);
    written += bytes.byteLength;
  };
  try {
    for (const { name, path, sizeBytes } of entries) {
      write(tarHeader(name, sizeBytes));
      const hash = createHash('sha256');
      let copied = 0;
      for await (const chunk of readChunks(path)) {
        copied += chunk.byteLength;
        if (copied > sizeBytes) break;
        hash.update(chunk);
        write(chunk);
      }
      if (copied !== sizeBytes) throw new TunebenchError('platform.fileChanged', { path });
      write(tarPadding(sizeBytes));
      files.push({ name, sizeBytes, sha256: hash.digest('hex') });
    }
    const manifest: BackupManifest = {
      format: 'tunebench backup',
      version: 1,
      createdAt: new Date().toISOString(),
      folder,
      files,
    };
    const text = new TextEncoder().encode(`${JSON.stringify(manifest, null, 1)}\n`);
    write(tarHeader(manifestName, text.byteLength));
    write(text);
    write(tarPadding(text.byteLength));
    write(tarEnd);
    archive.finish();
    return { sizeBytes: written, files: files.length };
  } catch (error) {
    archive.abandon();
    throw error;
  }
}

function damaged(path: string, detail: string): TunebenchError {
  return new TunebenchError('platform.backupDamaged', { path, detail });
}

function readManifest(
  source: ByteSource,
  entries: readonly TarEntry[] | undefined,
  path: string,
): BackupManifest {
  const last = entries?.at(-1);
  if (last?.name !== manifestName) throw damaged(path, 'its end is missing');
  try {
    const text = new TextDecoder().decode(source.read(last.offset, last.sizeBytes));
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw damaged(path, error instanceof Error ? error.message.slice(0, 200) : String(error));
  }
}

/** Writes one file of the archive, comparing it with its hash. */
function unpack(
  source: ByteSource,
  entry: TarEntry,
  expected: BackupManifest['files'][number],
  target: string,
  path: string,
): void {
  const file = createAtomicFile(target);
  const hash = createHash('sha256');
  try {
    for (let done = 0; done < entry.sizeBytes; done += chunkBytes) {
      const bytes = source.read(entry.offset + done, Math.min(chunkBytes, entry.sizeBytes - done));
      hash.update(bytes);
      file.write(bytes);
    }
    if (entry.sizeBytes !== expected.sizeBytes || hash.digest('hex') !== expected.sha256) {
      throw damaged(path, `${entry.name} is not what was saved`);
    }
    file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/**
 * Unpacks a backup into a new folder, which appears only when every file was compared with its hash.
 * @param prepare finishes the folder before it gets its name
 * @throws TunebenchError `platform.backupDamaged`, `platform.folderNotEmpty`; nothing is left then
 */
export function readBackup(
  path: string,
  folder: string,
  prepare: (part: string, manifest: BackupManifest) => void,
): BackupManifest {
  const existing = nodeFileSystem.status(folder);
  if (existing !== undefined && (existing.kind !== 'folder' || nodeFileSystem.list(folder).length > 0)) {
    throw new TunebenchError('platform.folderNotEmpty', { path: folder });
  }
  const part = besideName(join(dirname(folder), basename(folder)), 'restoring');
  const source = openByteSource(path);
  try {
    const entries = readTar(source);
    const manifest = readManifest(source, entries, path);
    const byName = new Map((entries ?? []).map((entry) => [entry.name, entry]));
    nodeFileSystem.remove(part);
    for (const expected of manifest.files) {
      const entry = byName.get(expected.name);
      if (entry === undefined) throw damaged(path, `${expected.name} is missing`);
      unpack(source, entry, expected, join(part, ...nameParts(expected.name)), path);
    }
    prepare(part, manifest);
    withFileErrors(folder, () => {
      if (existing !== undefined) nodeFileSystem.remove(folder);
      nodeFileSystem.rename(part, folder);
      nodeFileSystem.syncFolder(dirname(folder));
    });
    return manifest;
  } catch (error) {
    nodeFileSystem.remove(part);
    throw error;
  } finally {
    source.close();
  }
}
