import type { ByteSource } from './byteSource.ts';

/** Files one after another, each behind a header, in blocks of this size: the tar format of POSIX (ustar). */
const blockBytes = 512;
const nameBytes = 100;
const prefixBytes = 155;
/** Sizes from here on do not fit into eleven octal digits. */
const largestOctal = 8 ** 11;

function writeText(block: Uint8Array, offset: number, text: string): void {
  block.set(new TextEncoder().encode(text), offset);
}

function writeNumber(block: Uint8Array, offset: number, length: number, value: number): void {
  if (value < largestOctal) {
    writeText(block, offset, value.toString(8).padStart(length - 1, '0'));
    return;
  }
  // The form GNU tar gave larger numbers: a marked first byte, then the number itself.
  block[offset] = 0x80;
  new DataView(block.buffer).setBigUint64(offset + length - 8, BigInt(value));
}

/** A name in two parts that fit their fields, cut at a slash; null where there is no such cut. */
function splitName(name: string): { prefix: string; rest: string } | null {
  const length = (text: string) => new TextEncoder().encode(text).length;
  if (length(name) <= nameBytes) return { prefix: '', rest: name };
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (length(prefix) <= prefixBytes && length(rest) <= nameBytes) return { prefix, rest };
  }
  return null;
}

const checksumOf = (block: Uint8Array): number =>
  block.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);

/**
 * The header of a file in an archive.
 * @throws RangeError where the name is too long for the format
 */
export function tarHeader(name: string, sizeBytes: number): Uint8Array {
  const parts = splitName(name);
  if (parts === null) throw new RangeError(`${name} is too long for an archive.`);
  const block = new Uint8Array(blockBytes);
  writeText(block, 0, parts.rest);
  writeText(block, 100, '0000644\0');
  writeText(block, 108, '0000000\0');
  writeText(block, 116, '0000000\0');
  writeNumber(block, 124, 12, sizeBytes);
  writeText(block, 136, '00000000000\0');
  writeText(block, 156, '0');
  writeText(block, 257, 'ustar\u000000');
  writeText(block, 345, parts.prefix);
  writeText(block, 148, `${checksumOf(block).toString(8).padStart(6, '0')}\0 `);
  return block;
}

/** What fills the last block of a file. */
export function tarPadding(sizeBytes: number): Uint8Array {
  return new Uint8Array((blockBytes - (sizeBytes % blockBytes)) % blockBytes);
}

/** What ends an archive. */
export const tarEnd: Uint8Array = new Uint8Array(2 * blockBytes);

export interface TarEntry {
  readonly name: string;
  /** Where its bytes begin in the archive. */
  readonly offset: number;
  readonly sizeBytes: number;
}

function readText(block: Uint8Array, offset: number, length: number): string {
  const field = block.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

function readNumber(block: Uint8Array, offset: number, length: number): number {
  if ((block[offset] ?? 0) & 0x80) {
    return Number(new DataView(block.buffer, block.byteOffset).getBigUint64(offset + length - 8));
  }
  return Number.parseInt(readText(block, offset, length).trim() || '0', 8);
}

/** The files of an archive in order; undefined where a header is damaged, a file is cut off or the end is missing. */
export function readTar(source: ByteSource): TarEntry[] | undefined {
  const entries: TarEntry[] = [];
  let at = 0;
  while (at + blockBytes <= source.sizeBytes) {
    const block = Uint8Array.from(source.read(at, blockBytes));
    if (block.every((byte) => byte === 0)) return entries;
    if (Number.parseInt(readText(block, 148, 8), 8) !== checksumOf(block)) return undefined;
    const [prefix, rest] = [readText(block, 345, prefixBytes), readText(block, 0, nameBytes)];
    const sizeBytes = readNumber(block, 124, 12);
    const offset = at + blockBytes;
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || offset + sizeBytes > source.sizeBytes)
      return undefined;
    entries.push({ name: prefix === '' ? rest : `${prefix}/${rest}`, offset, sizeBytes });
    at = offset + Math.ceil(sizeBytes / blockBytes) * blockBytes;
  }
  return undefined;
}
