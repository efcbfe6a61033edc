import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { TunebenchError } from '../contract/errors/index.ts';
import { describeFileError, withFileErrors } from './fileErrors.ts';
import { type FileSystem, besideName, nodeFileSystem } from './fileSystem.ts';
import { readChunks } from './files.ts';
import { describeNetworkError, refusalFrom, requestFromHub } from './hub.ts';

export interface DownloadOptions {
  /** Path on the Hub, such as `/owner/name/resolve/main/config.json`. */
  readonly hubPath: string;
  readonly target: string;
  readonly sizeBytes?: number;
  /** Expected SHA-256 in hex. Only a file with one is resumed: without it a joined file could not be trusted. */
  readonly sha256?: string | null;
  readonly signal?: AbortSignal;
  /** Bytes of this file on disk so far. */
  readonly onProgress?: (doneBytes: number) => void;
  readonly fileSystem?: FileSystem;
}

// A transfer that broke is taken up again this often, as long as each try brings something.
const maximumTries = 5;

interface Part {
  readonly path: string;
  sizeBytes: number;
}

function writeChunk(fileSystem: FileSystem, descriptor: number, chunk: Uint8Array): void {
  let done = 0;
  while (done < chunk.byteLength) done += fileSystem.write(descriptor, chunk.subarray(done));
}

function closeAfterFailure(fileSystem: FileSystem, descriptor: number): void {
  try {
    fileSystem.close(descriptor);
  } catch {
    // The failure that led here is the one to report.
  }
}

/** One request: appends to the part, or starts it anew where the server does not go on. */
async function transfer(part: Part, options: DownloadOptions, fileSystem: FileSystem): Promise<void> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (part.sizeBytes > 0) headers['range'] = `bytes=${part.sizeBytes}-`;
  const answer = await requestFromHub({
    path: options.hubPath,
    headers,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const continues =
    answer.status === 206 && answer.headers.get('content-range')?.startsWith(`bytes ${part.sizeBytes}-`);
  if (answer.status === 416 || (answer.status === 206 && !continues)) {
    await answer.body?.cancel();
    withFileErrors(part.path, () => fileSystem.remove(part.path));
    part.sizeBytes = 0;
    throw new TunebenchError('platform.badAnswer', {
      host: new URL(answer.url).host,
      path: options.hubPath,
      detail: `range refused (${answer.status})`,
    });
  }
  if (!answer.ok || answer.body === null) throw await refusalFrom(answer, options.hubPath);
  if (!continues) part.sizeBytes = 0;
  const mode = continues ? 'append' : 'create';
  const descriptor = withFileErrors(part.path, () => fileSystem.open(part.path, mode));
  try {
    for await (const chunk of answer.body) {
      withFileErrors(part.path, () => writeChunk(fileSystem, descriptor, chunk));
      part.sizeBytes += chunk.byteLength;
      options.onProgress?.(part.sizeBytes);
      if (options.sizeBytes !== undefined && part.sizeBytes > options.sizeBytes) break;
    }
    withFileErrors(part.path, () => fileSystem.sync(descriptor));
  } catch (error) {
    closeAfterFailure(fileSystem, descriptor);
    if (error instanceof TunebenchError) throw error;
    if (options.signal?.aborted) throw new TunebenchError('common.cancelled', {}, { cause: error });
    throw new TunebenchError(
      'platform.unreachable',
      { host: new URL(answer.url).host, detail: describeNetworkError(error) },
      { cause: error },
    );
  }
  withFileErrors(part.path, () => fileSystem.close(descriptor));
}

async function transferWithRetries(
  part: Part,
  options: DownloadOptions,
  fileSystem: FileSystem,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const before = part.sizeBytes;
    try {
      await transfer(part, options, fileSystem);
      return;
    } catch (error) {
      const resumable = typeof options.sha256 === 'string';
      const broke = error instanceof TunebenchError && error.code === 'platform.unreachable';
      const restarted = before > 0 && part.sizeBytes === 0;
      if (!resumable || tries >= maximumTries || !(restarted || (broke && part.sizeBytes > before)))
        throw error;
    }
  }
}

async function checkPart(part: Part, options: DownloadOptions, fileSystem: FileSystem): Promise<void> {
  const { sizeBytes, sha256, target } = options;
  if (sizeBytes !== undefined && part.sizeBytes !== sizeBytes) {
    // Too much can never become right; too little can be gone on with.
    if (part.sizeBytes > sizeBytes) withFileErrors(part.path, () => fileSystem.remove(part.path));
    throw new TunebenchError('platform.wrongSize', {
      file: target,
      expected: sizeBytes,
      actual: part.sizeBytes,
    });
  }
  if (typeof sha256 !== 'string') return;
  const hash = createHash('sha256');
  for await (const chunk of readChunks(part.path)) hash.update(chunk);
  const actual = hash.digest('hex');
  if (actual === sha256.toLowerCase()) return;
  withFileErrors(part.path, () => fileSystem.remove(part.path));
  throw new TunebenchError('platform.wrongHash', { file: target, expected: sha256, actual });
}

/**
 * Downloads one file from the Hub to `target`: into a part beside it, which a later call goes on with, checked for
 * size and SHA-256, then renamed.
 * @throws TunebenchError saying what went wrong; `target` is untouched then
 */
export async function downloadFile(options: DownloadOptions): Promise<void> {
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const { target, sizeBytes, sha256 } = options;
  const part: Part = { path: besideName(target, 'download'), sizeBytes: 0 };
  withFileErrors(target, () => mkdirSync(dirname(target), { recursive: true }));
  const left = withFileErrors(part.path, () => fileSystem.status(part.path)?.sizeBytes ?? 0);
  if (typeof sha256 === 'string' && (sizeBytes === undefined || left <= sizeBytes)) part.sizeBytes = left;
  if (sizeBytes === undefined || part.sizeBytes < sizeBytes || part.sizeBytes === 0) {
    await transferWithRetries(part, options, fileSystem);
  }
  await checkPart(part, options, fileSystem);
  try {
    fileSystem.rename(part.path, target);
    fileSystem.syncFolder(dirname(target));
  } catch (error) {
    throw describeFileError(error, target);
  }
}
