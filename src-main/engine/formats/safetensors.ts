import { TunebenchError } from '../../contract/errors/index.ts';
import type { ByteSink, ByteSource } from '../files.ts';
import { findDuplicateKey } from './duplicateKeys.ts';
import { type ElementType, elementBytes, isElementType } from './elementTypes.ts';
import { isTable } from './jsonFiles.ts';

// Format: https://github.com/huggingface/safetensors#format

/** Longest header the format allows, in bytes. */
const HEADER_LIMIT = 100_000_000;

export interface TensorEntry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Where its bytes begin in the file. */
  readonly offset: number;
  readonly length: number;
}

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  read(entry: TensorEntry): Uint8Array;
  close(): void;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function parseHeader(bytes: Uint8Array, file: string): Record<string, unknown> {
  const unreadable = (detail: string) => new TunebenchError('safetensors.headerNotJson', { file, detail });
  if (bytes[0] !== 0x7b) throw unreadable('it does not begin with "{".');
  let header: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
  if (!isTable(header)) throw unreadable('it is not a table.');
  const name = findDuplicateKey(text);
  if (name !== null) throw new TunebenchError('safetensors.duplicateName', { file, name });
  return header;
}

function parseMetadata(value: unknown, file: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isTable(value)) throw new TunebenchError('safetensors.badMetadata', { file, name: '__metadata__' });
  const metadata: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw new TunebenchError('safetensors.badMetadata', { file, name });
    metadata[name] = text;
  }
  return metadata;
}

/** Bytes a tensor takes; the product is checked at every factor, so that it cannot wrap around or lose digits. */
function byteLength(tensor: string, type: ElementType, shape: readonly number[], file: string): number {
  let bytes: number = elementBytes[type];
  for (const length of shape) {
    bytes *= length;
    if (!Number.isSafeInteger(bytes)) {
      throw new TunebenchError('safetensors.shapeTooLarge', { file, tensor, shape: shape.join(', ') });
    }
  }
  return bytes;
}

function parseEntry(tensor: string, value: unknown, dataSize: number, file: string): TensorEntry {
  const lacking = (field: string) => new TunebenchError('safetensors.badEntry', { file, tensor, field });
  if (!isTable(value)) throw lacking('table');
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') throw lacking('dtype');
  if (!isElementType(dtype)) {
    const known = Object.keys(elementBytes).join(', ');
    throw new TunebenchError('safetensors.unknownType', { file, tensor, type: dtype, known });
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) throw lacking('shape');
  if (!Array.isArray(offsets) || offsets.length !== 2) throw lacking('data_offsets');
  const [begin, end]: unknown[] = offsets;
  if (!isCount(begin) || !isCount(end) || begin > end) throw lacking('data_offsets');
  const expected = byteLength(tensor, dtype, shape, file);
  if (end - begin !== expected) {
    const found = end - begin;
    const described = { file, tensor, expected, found, type: dtype, shape: shape.join(', ') };
    throw new TunebenchError('safetensors.wrongLength', described);
  }
  if (end > dataSize) throw new TunebenchError('safetensors.outside', { file, tensor, end, size: dataSize });
  return { name: tensor, type: dtype, shape, offset: begin, length: expected };
}

/** Every byte of the data must belong to exactly one tensor: nothing may hide between or behind them. */
function checkCoverage(entries: readonly TensorEntry[], dataSize: number, file: string): void {
  let covered = 0;
  let previous = '';
  for (const { name, offset, length } of entries) {
    if (offset < covered) {
      throw new TunebenchError('safetensors.overlap', { file, first: previous, second: name });
    }
    if (offset > covered) {
      throw new TunebenchError('safetensors.hole', { file, tensor: name, size: offset - covered });
    }
    covered = offset + length;
    previous = name;
  }
  if (covered < dataSize)
    throw new TunebenchError('safetensors.trailing', { file, size: dataSize - covered });
}

/**
 * Opens a safetensors file and checks its whole header; contents are read tensor by tensor.
 * @param file its name for error sentences
 * @throws TunebenchError `safetensors.*` where it breaks the format; the source is closed then
 */
export function openSafetensors(source: ByteSource, file: string): SafetensorsFile {
  try {
    if (source.sizeBytes < 8)
      throw new TunebenchError('safetensors.tooSmall', { file, size: source.sizeBytes });
    const start = source.read(0, 8);
    const size = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
    if (size > BigInt(HEADER_LIMIT)) {
      throw new TunebenchError('safetensors.headerTooLarge', {
        file,
        size: String(size),
        limit: HEADER_LIMIT,
      });
    }
    const headerSize = Number(size);
    const rest = source.sizeBytes - 8;
    if (headerSize > rest)
      throw new TunebenchError('safetensors.headerCut', { file, size: headerSize, rest });
    const { __metadata__: metadata, ...described } = parseHeader(source.read(8, headerSize), file);
    const dataStart = 8 + headerSize;
    const dataSize = source.sizeBytes - dataStart;
    const entries = Object.entries(described)
      .map(([name, value]) => parseEntry(name, value, dataSize, file))
      .sort((a, b) => a.offset - b.offset || a.length - b.length);
    checkCoverage(entries, dataSize, file);
    return {
      metadata: parseMetadata(metadata, file),
      tensors: new Map(entries.map((entry) => [entry.name, { ...entry, offset: entry.offset + dataStart }])),
      read: (entry) => source.read(entry.offset, entry.length),
      close: () => source.close(),
    };
  } catch (error) {
    source.close();
    throw error;
  }
}

/** A tensor to be written; its bytes (little-endian) are asked for only when its turn comes. */
export interface TensorToWrite {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  bytes(): Uint8Array;
}

const typeOrder = Object.keys(elementBytes);

/**
 * Writes a safetensors file tensor by tensor. Header and order are those of the official library: wide types first,
 * then by name, so the same tensors always give the same bytes.
 */
export function writeSafetensors(
  sink: ByteSink,
  tensors: Iterable<TensorToWrite>,
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): void {
  const ordered = [...tensors].sort(
    (a, b) => typeOrder.indexOf(a.type) - typeOrder.indexOf(b.type) || (a.name < b.name ? -1 : 1),
  );
  let end = 0;
  const entries = ordered.map(({ name, type, shape }) => {
    const begin = end;
    end += byteLength(name, type, shape, 'the file to be written');
    return [name, { dtype: type, shape, data_offsets: [begin, end] }] as const;
  });
  if (new Set(entries.map(([name]) => name)).size < entries.length) {
    throw new Error('Two tensors to be written have the same name.');
  }
  const header = JSON.stringify(Object.fromEntries([['__metadata__', metadata] as const, ...entries]));
  const bytes = new TextEncoder().encode(header);
  // Spaces after the JSON put the data at a multiple of 8 bytes.
  const padded = new Uint8Array(8 + Math.ceil(bytes.length / 8) * 8).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true);
  padded.set(bytes, 8);
  sink.write(padded);
  for (const [index, tensor] of ordered.entries()) {
    const contents = tensor.bytes();
    const entry = entries[index]?.[1];
    const [begin = 0, finish = 0] = entry?.data_offsets ?? [];
    if (contents.length !== finish - begin) {
      throw new Error(
        `"${tensor.name}" gave ${contents.length} bytes where ${finish - begin} were declared.`,
      );
    }
    sink.write(contents);
  }
}
