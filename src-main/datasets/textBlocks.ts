import { TunebenchError } from '../contract/errors/index.ts';
import { concatBytes } from './bytes.ts';
import { type Encoding, byteOrderMarkLength, createDecoder } from './encoding.ts';
import { type FileSource, maximumLineBytes } from './source.ts';

/** Whole lines of a file as valid UTF-8. */
export interface TextBlock {
  readonly bytes: Uint8Array;
  /** Number of the first line in the file, from 1. */
  readonly firstLine: number;
  /** Numbers of lines that were too long; they are empty here. */
  readonly tooLong: readonly number[];
}

const pieceBytes = 1 << 20;
const longestMarkBytes = 4;

/**
 * Cuts what is handed in into pieces of even length and at most `pieceBytes`, so that no UTF-16 unit is torn; the first
 * is long enough for a byte-order mark.
 */
async function* evenPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array = new Uint8Array(0);
  let started = false;
  for await (const chunk of chunks) {
    const joined = held.byteLength === 0 ? chunk : concatBytes([held, chunk]);
    if (!started && joined.byteLength < longestMarkBytes) {
      held = joined;
      continue;
    }
    started = true;
    const even = joined.byteLength - (joined.byteLength % 2);
    for (let start = 0; start < even; start += pieceBytes) {
      yield joined.subarray(start, Math.min(even, start + pieceBytes));
    }
    held = joined.subarray(even);
  }
  if (held.byteLength > 0) yield held;
}

interface LineEnds {
  /** Bytes of one newline. */
  readonly width: number;
  /** Index of the first newline at or after `from`, -1 when there is none. */
  first(bytes: Uint8Array, from: number): number;
  last(bytes: Uint8Array): number;
}

/** In UTF-8 and EUC-KR the byte 0x0A is always a newline. */
const narrowLineEnds: LineEnds = {
  width: 1,
  first: (bytes, from) => bytes.indexOf(0x0a, from),
  last: (bytes) => bytes.lastIndexOf(0x0a),
};

function wideLineEnds(high: number, low: number): LineEnds {
  const isEnd = (bytes: Uint8Array, index: number) => bytes[index] === high && bytes[index + 1] === low;
  return {
    width: 2,
    first(bytes, from) {
      for (let index = from; index + 1 < bytes.byteLength; index += 2) if (isEnd(bytes, index)) return index;
      return -1;
    },
    last(bytes) {
      for (let index = (bytes.byteLength >> 1) * 2 - 2; index >= 0; index -= 2) {
        if (isEnd(bytes, index)) return index;
      }
      return -1;
    },
  };
}

function lineEndsOf(encoding: Encoding): LineEnds {
  if (encoding === 'utf-16le') return wideLineEnds(0x0a, 0x00);
  return encoding === 'utf-16be' ? wideLineEnds(0x00, 0x0a) : narrowLineEnds;
}

function decodeBlock(bytes: Uint8Array, encoding: Encoding): Uint8Array | undefined {
  try {
    const text = createDecoder(encoding).decode(bytes);
    return encoding === 'utf-8' ? bytes : new TextEncoder().encode(text);
  } catch {
    return undefined;
  }
}

/** Number of the first line in `bytes` that cannot be decoded. */
function findBadLine(bytes: Uint8Array, encoding: Encoding, ends: LineEnds, firstLine: number): number {
  let line = firstLine;
  for (let start = 0; ; line++) {
    const end = ends.first(bytes, start);
    const stop = end < 0 ? bytes.byteLength : end;
    if (end < 0 || decodeBlock(bytes.subarray(start, stop), encoding) === undefined) return line;
    start = end + ends.width;
  }
}

/**
 * The text of a file as UTF-8 in blocks of whole lines, in constant memory.
 * @throws TunebenchError `datasets.undecodable` with the first line whose bytes are not of this encoding
 */
export async function* readTextBlocks(source: FileSource, encoding: Encoding): AsyncGenerator<TextBlock> {
  const ends = lineEndsOf(encoding);
  let line = 1;
  let atStart = true;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let discarding = false;

  function finishBlock(bytes: Uint8Array, tooLong: readonly number[]): TextBlock {
    const decoded = decodeBlock(bytes, encoding);
    if (decoded === undefined) {
      const badLine = findBadLine(bytes, encoding, ends, line);
      throw new TunebenchError('datasets.undecodable', { file: source.name, line: badLine, encoding });
    }
    const block = { bytes: decoded, firstLine: line, tooLong };
    for (let index = ends.first(bytes, 0); index >= 0; index = ends.first(bytes, index + ends.width)) line++;
    return block;
  }

  for await (const raw of evenPieces(source.open())) {
    const piece = atStart ? raw.subarray(byteOrderMarkLength(raw, encoding)) : raw;
    atStart = false;
    const last = ends.last(piece);
    if (last < 0) {
      if (discarding) continue;
      held.push(piece);
      heldBytes += piece.byteLength;
      if (heldBytes <= maximumLineBytes) continue;
      discarding = true;
      held = [];
      heldBytes = 0;
      continue;
    }
    const first = ends.first(piece, 0);
    const tooLong = discarding || heldBytes + first > maximumLineBytes;
    const whole = piece.subarray(tooLong ? first : 0, last + ends.width);
    yield finishBlock(tooLong ? whole : concatBytes([...held, whole]), tooLong ? [line] : []);
    discarding = false;
    held = [piece.subarray(last + ends.width)];
    heldBytes = piece.byteLength - last - ends.width;
  }
  if (discarding) yield { bytes: new Uint8Array(0), firstLine: line, tooLong: [line] };
  else if (heldBytes > 0) yield finishBlock(concatBytes(held), []);
}
