import { TunebenchError } from '../contract/errors/index.ts';
import { concatBytes } from './bytes.ts';
import type { ReadOptions } from '../contract/datasets.ts';
import { Cp949Decoder, isExtendedPair } from './cp949.ts';
import type { FileSource } from './source.ts';

export type Encoding = NonNullable<ReadOptions['encoding']>;

const sampleBytes = 64 * 1024;

/** Decodes in pieces and throws TypeError at bytes that are not of the encoding. */
export interface StrictDecoder {
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}

/** A decoder that keeps a byte-order mark and lets nothing wrong through. */
export function createDecoder(encoding: Encoding): StrictDecoder {
  return encoding === 'euc-kr'
    ? new Cp949Decoder()
    : new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
}

/** Files people mistake for tables, by their first bytes. */
const otherKinds: readonly { kind: string; start: readonly number[] }[] = [
  { kind: 'ZIP/XLSX', start: [0x50, 0x4b, 0x03, 0x04] },
  { kind: 'XLS', start: [0xd0, 0xcf, 0x11, 0xe0] },
  { kind: 'Parquet', start: [0x50, 0x41, 0x52, 0x31] },
  { kind: 'GZIP', start: [0x1f, 0x8b] },
  { kind: 'PDF', start: [0x25, 0x50, 0x44, 0x46] },
];

const byteOrderMarks: readonly { encoding: Encoding; bytes: readonly number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

/** Length of the byte-order mark of this encoding at the start of `bytes`. */
export function byteOrderMarkLength(bytes: Uint8Array, encoding: Encoding): number {
  const mark = byteOrderMarks.find((candidate) => candidate.encoding === encoding)?.bytes;
  return mark !== undefined && startsWith(bytes, mark) ? mark.length : 0;
}

/** The first bytes of a file. */
export async function readFirstBytes(source: FileSource): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source.open()) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length >= sampleBytes) break;
  }
  return concatBytes(chunks).subarray(0, sampleBytes);
}

async function decodes(source: FileSource, encoding: Encoding): Promise<boolean> {
  const decoder = createDecoder(encoding);
  try {
    for await (const chunk of source.open()) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/**
 * Whether the bytes beyond ASCII look like Korean in EUC-KR: nearly all in pairs of its Hangul rows, apart from the rarer
 * syllables that CP949 adds. A stray Latin-1 letter in English text often forms a valid pair with the letter after it,
 * but not one of those rows.
 */
async function looksKorean(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<boolean> {
  let lead = 0;
  let pairs = 0;
  let hangulPairs = 0;
  let extendedPairs = 0;
  for await (const chunk of chunks) {
    for (const byte of chunk) {
      if (lead !== 0) {
        pairs++;
        if (lead >= 0xb0 && lead <= 0xc8 && byte >= 0xa1) hangulPairs++;
        else if (isExtendedPair(lead, byte)) extendedPairs++;
        lead = 0;
      } else if (byte >= 0x80) lead = byte;
    }
  }
  return hangulPairs > extendedPairs && hangulPairs / (pairs - extendedPairs) > 0.7;
}

const smallestZeroShare = 0.02;
/** More pairs of ASCII characters than any text in UTF-16 could look like: a few zeros in a text of single bytes. */
const largestAsciiShare = 0.7;

/**
 * UTF-16 by its ASCII characters: in one of the byte orders their other half is zero. Korean text has them as spaces,
 * delimiters and line ends. A few zeros may also lie in a UTF-8 file.
 */
function detectUtf16(sample: Uint8Array): Encoding | undefined {
  const isAscii = (byte: number) =>
    byte === 0x09 || byte === 0x0a || byte === 0x0d || (byte >= 0x20 && byte < 0x7f);
  let little = 0;
  let big = 0;
  let zeros = 0;
  let asciiPairs = 0;
  for (let index = 0; index + 1 < sample.byteLength; index += 2) {
    const [first = 0, second = 0] = sample.subarray(index, index + 2);
    if (isAscii(first) && isAscii(second)) asciiPairs++;
    if (first === 0) zeros++;
    if (second === 0) zeros++;
    if (second === 0 && isAscii(first)) little++;
    if (first === 0 && isAscii(second)) big++;
  }
  if (zeros < sample.byteLength * smallestZeroShare) return undefined;
  if (asciiPairs * 2 > sample.byteLength * largestAsciiShare) return undefined;
  if (little > 4 * big) return 'utf-16le';
  return big > 4 * little ? 'utf-16be' : undefined;
}

/**
 * The encoding of a text file: as its byte-order mark says, else by what its bytes can be. Reads the file whole once
 * or twice. A file that is neither comes back as UTF-8; reading it then names the first line that is not.
 * @throws TunebenchError `datasets.notText` for archives, spreadsheets and other files that hold no text
 */
export async function detectEncoding(source: FileSource): Promise<Encoding> {
  const sample = await readFirstBytes(source);
  const other = otherKinds.find(({ start }) => startsWith(sample, start));
  if (other) throw new TunebenchError('datasets.notText', { file: source.name, kind: other.kind });
  const marked = byteOrderMarks.find(({ bytes }) => startsWith(sample, bytes));
  if (marked) return marked.encoding;
  if (sample.includes(0)) {
    const wide = detectUtf16(sample);
    if (wide !== undefined) return wide;
    if (await decodes(source, 'utf-8')) return 'utf-8';
    throw new TunebenchError('datasets.notText', { file: source.name, kind: 'binary' });
  }
  if (await decodes(source, 'utf-8')) return 'utf-8';
  return (await decodes(source, 'euc-kr')) && (await looksKorean(source.open())) ? 'euc-kr' : 'utf-8';
}

function decodesWhole(bytes: Uint8Array, encoding: Encoding): boolean {
  try {
    createDecoder(encoding).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The encoding of a small text that is in memory: as its byte-order mark says, else UTF-8 or EUC-KR. */
export function detectEncodingOfBytes(bytes: Uint8Array): Encoding {
  const marked = byteOrderMarks.find((candidate) => startsWith(bytes, candidate.bytes));
  if (marked) return marked.encoding;
  if (decodesWhole(bytes, 'utf-8')) return 'utf-8';
  return decodesWhole(bytes, 'euc-kr') ? 'euc-kr' : 'utf-8';
}
