import { Inflate } from 'fflate';
import { TunebenchError } from '../../../contract/errors/index.ts';
import type { RandomAccess } from '../../source.ts';

/** A file inside an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly compressed: boolean;
  readonly sizeBytes: number;
  readonly packedBytes: number;
  /** Where its local header begins. */
  readonly offset: number;
}

const kind = 'ZIP/XLSX';
const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const longestComment = 0xffff;
const pieceBytes = 1 << 16;
const mostEntries = 10_000;
/** Deflate itself cannot do better than 1 to 1,032; sheets of real data stay far below. */
const highestRatio = 400;
const smallestSuspect = 64 * 1024 * 1024;

function damaged(file: string, detail: string): TunebenchError {
  return new TunebenchError('datasets.damagedFile', { file, kind, detail });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads inside the archive; whatever place the archive names must lie in it. */
function readInside(archive: RandomAccess, file: string, offset: number, length: number): Uint8Array {
  if (offset < 0 || length < 0 || offset + length > archive.sizeBytes) {
    throw damaged(file, `bytes ${offset}–${offset + length} of ${archive.sizeBytes}`);
  }
  return archive.read(offset, length);
}

function findEnd(archive: RandomAccess, file: string): DataView {
  const length = Math.min(archive.sizeBytes, endBytes + longestComment);
  const tail = viewOf(readInside(archive, file, archive.sizeBytes - length, length));
  for (let at = length - endBytes; at >= 0; at--) {
    if (tail.getUint32(at, true) === endSignature)
      return new DataView(tail.buffer, tail.byteOffset + at, endBytes);
  }
  throw damaged(file, 'it has no directory');
}

/**
 * The directory of an archive.
 * @throws TunebenchError `datasets.damagedFile`, also for encrypted archives and names given twice
 */
export function readZipDirectory(archive: RandomAccess, file: string): ReadonlyMap<string, ZipEntry> {
  const end = findEnd(archive, file);
  const count = end.getUint16(10, true);
  const length = end.getUint32(12, true);
  const start = end.getUint32(16, true);
  if (count > mostEntries || start === 0xffffffff) throw damaged(file, `${count} files`);
  const directory = readInside(archive, file, start, length);
  const view = viewOf(directory);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > length || view.getUint32(at, true) !== entrySignature)
      throw damaged(file, 'its directory ends early');
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const nameLength = view.getUint16(at + 28, true);
    const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > length) throw damaged(file, 'its directory ends early');
    const name = new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameLength));
    if ((flags & 1) !== 0) throw damaged(file, `${name} is encrypted`);
    if (method !== 0 && method !== 8) throw damaged(file, `${name} is packed by method ${method}`);
    if (entries.has(name)) throw damaged(file, `${name} is there twice`);
    entries.set(name, {
      name,
      compressed: method === 8,
      packedBytes: view.getUint32(at + 20, true),
      sizeBytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at = next;
  }
  return entries;
}

/**
 * The bytes of a file inside an archive, unpacked piece by piece. What comes out is counted, whatever the directory says.
 * @throws TunebenchError `datasets.unpacksTooLarge` for more than `limitBytes` and for what unpacks beyond all measure
 */
export function* readZipEntry(
  archive: RandomAccess,
  file: string,
  entry: ZipEntry,
  limitBytes: number,
): Generator<Uint8Array> {
  const header = viewOf(readInside(archive, file, entry.offset, 30));
  if (header.getUint32(0, true) !== localSignature) throw damaged(file, `${entry.name} has no header`);
  const start = entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const most = Math.min(limitBytes, Math.max(smallestSuspect, entry.packedBytes * highestRatio));
  let unpacked: Uint8Array[] = [];
  let total = 0;
  const inflate = new Inflate((piece) => {
    unpacked.push(piece);
  });
  for (let done = 0; done < entry.packedBytes; done += pieceBytes) {
    const length = Math.min(pieceBytes, entry.packedBytes - done);
    const piece = readInside(archive, file, start + done, length);
    if (entry.compressed) {
      try {
        inflate.push(piece, done + length >= entry.packedBytes);
      } catch (error) {
        throw damaged(file, `${entry.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    } else unpacked.push(piece);
    for (const bytes of unpacked) total += bytes.byteLength;
    if (total > most) {
      const limitMegabytes = Math.floor(most / 1024 / 1024);
      throw new TunebenchError('datasets.unpacksTooLarge', { file, limitMegabytes });
    }
    yield* unpacked;
    unpacked = [];
  }
}
