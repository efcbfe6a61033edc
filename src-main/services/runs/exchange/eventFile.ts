import { maskedCrc32c } from './crc32c.ts';
import {
  type Field,
  bytesField,
  concatBytes,
  doubleField,
  floatField,
  integerField,
  readFields,
} from './protobuf.ts';

/** One value of a metric as TensorBoard knows it. */
export interface ScalarEvent {
  /** `train/loss`: TensorBoard groups by what stands before the slash. */
  readonly tag: string;
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly value: number;
}

// Field numbers of tensorflow.Event, Summary, Summary.Value and TensorProto.
const event = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const summary = { value: 1 } as const;
const summaryValue = { tag: 1, simpleValue: 2, tensor: 8 } as const;
const tensor = { dtype: 1, content: 4, floats: 5, doubles: 6 } as const;
const doubleType = 2n;

/** Length, its checksum, the data, its checksum: one record of a TFRecord file. */
function encodeRecord(data: Uint8Array): Uint8Array {
  const head = new Uint8Array(12);
  const view = new DataView(head.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(head.subarray(0, 8)), true);
  const end = new Uint8Array(4);
  new DataView(end.buffer).setUint32(0, maskedCrc32c(data), true);
  return concatBytes([head, data, end]);
}

/** The first record of an event file. */
export function encodeFileHeader(wallTime: number): Uint8Array {
  return encodeRecord(
    concatBytes([doubleField(event.wallTime, wallTime), bytesField(event.fileVersion, 'brain.Event:2')]),
  );
}

export function encodeScalar({ tag, step, wallTime, value }: ScalarEvent): Uint8Array {
  const written = concatBytes([
    bytesField(summaryValue.tag, tag),
    floatField(summaryValue.simpleValue, value),
  ]);
  return encodeRecord(
    concatBytes([
      doubleField(event.wallTime, wallTime),
      integerField(event.step, step),
      bytesField(event.summary, bytesField(summary.value, written)),
    ]),
  );
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The scalar in a TensorProto, written as packed numbers or as raw bytes; undefined where there is none. */
function readTensor(message: Uint8Array): number | undefined {
  let isDouble = false;
  let content: Uint8Array | undefined;
  for (const field of readFields(message)) {
    if (field.number === tensor.dtype && field.kind === 'varint') isDouble = field.value === doubleType;
    if (field.kind === 'varint') continue;
    if (field.number === tensor.doubles) isDouble = true;
    if (
      field.number === tensor.content ||
      field.number === tensor.floats ||
      field.number === tensor.doubles
    ) {
      content = field.bytes;
    }
  }
  if (content === undefined || content.length < (isDouble ? 8 : 4)) return undefined;
  return isDouble ? viewOf(content).getFloat64(0, true) : viewOf(content).getFloat32(0, true);
}

function readValue(message: Uint8Array): { tag: string; value: number } | undefined {
  let tag = '';
  let value: number | undefined;
  for (const field of readFields(message)) {
    if (field.kind === 'varint') continue;
    if (field.number === summaryValue.tag) tag = new TextDecoder().decode(field.bytes);
    if (field.number === summaryValue.simpleValue) value = viewOf(field.bytes).getFloat32(0, true);
    if (field.number === summaryValue.tensor) value = readTensor(field.bytes);
  }
  return value === undefined ? undefined : { tag, value };
}

function readEvent(message: Uint8Array): ScalarEvent[] {
  let wallTime = 0;
  let step = 0;
  const values: Field[] = [];
  for (const field of readFields(message)) {
    if (field.number === event.wallTime && field.kind === 'fixed64')
      wallTime = viewOf(field.bytes).getFloat64(0, true);
    if (field.number === event.step && field.kind === 'varint') step = Number(BigInt.asIntN(64, field.value));
    if (field.number === event.summary && field.kind === 'bytes') values.push(...readFields(field.bytes));
  }
  return values.flatMap((field) => {
    if (field.kind !== 'bytes' || field.number !== summary.value) return [];
    const read = readValue(field.bytes);
    return read === undefined ? [] : [{ ...read, step, wallTime }];
  });
}

export interface ReadEvents {
  readonly scalars: ScalarEvent[];
  /** Bytes at the end that are no whole record: a writer that is still writing, or that was killed. */
  readonly unreadBytes: number;
}

/**
 * Reads every scalar of an event file, whether written as a simple value or as a tensor. What stands after the first
 * damaged record is left unread, as TensorBoard does.
 */
export function readEventFile(bytes: Uint8Array): ReadEvents {
  const scalars: ScalarEvent[] = [];
  const view = viewOf(bytes);
  let offset = 0;
  while (offset + 16 <= bytes.length) {
    const length = Number(view.getBigUint64(offset, true));
    const end = offset + 12 + length;
    if (view.getUint32(offset + 8, true) !== maskedCrc32c(bytes.subarray(offset, offset + 8))) break;
    if (end + 4 > bytes.length) break;
    const data = bytes.subarray(offset + 12, end);
    if (view.getUint32(end, true) !== maskedCrc32c(data)) break;
    scalars.push(...readEvent(data));
    offset = end + 4;
  }
  return { scalars, unreadBytes: bytes.length - offset };
}
