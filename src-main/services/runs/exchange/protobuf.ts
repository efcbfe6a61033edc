/**
 * The little of protocol buffers that event files need (https://protobuf.dev/programming-guides/encoding/): fields as
 * tag and value, where a value is a varint, eight or four bytes, or a length and that many bytes.
 */
export type Field =
  | { readonly number: number; readonly kind: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly kind: 'fixed64' | 'fixed32' | 'bytes'; readonly bytes: Uint8Array };

const encoder = new TextEncoder();

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

const tag = (number: number, wire: number) => varint(BigInt((number << 3) | wire));

export function integerField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...tag(number, 0), ...varint(BigInt(Math.trunc(value)))]);
}

export function doubleField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concatBytes([Uint8Array.from(tag(number, 1)), bytes]);
}

export function floatField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concatBytes([Uint8Array.from(tag(number, 5)), bytes]);
}

export function bytesField(number: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? encoder.encode(value) : value;
  return concatBytes([Uint8Array.from([...tag(number, 2), ...varint(BigInt(bytes.length))]), bytes]);
}

/**
 * The fields of a message in their order; unknown ones are for the caller to pass over.
 * @throws RangeError where the message ends in the middle of a field, or holds what no message holds
 */
export function* readFields(message: Uint8Array): Generator<Field> {
  let offset = 0;
  const take = (length: number): Uint8Array => {
    if (offset + length > message.length) throw new RangeError('the message ends in the middle of a field');
    offset += length;
    return message.subarray(offset - length, offset);
  };
  const readVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError('a number has more than ten bytes');
  };
  while (offset < message.length) {
    const key = readVarint();
    const number = Number(key >> 3n);
    switch (Number(key & 7n)) {
      case 0:
        yield { number, kind: 'varint', value: readVarint() };
        break;
      case 1:
        yield { number, kind: 'fixed64', bytes: take(8) };
        break;
      case 2:
        yield { number, kind: 'bytes', bytes: take(Number(readVarint())) };
        break;
      case 5:
        yield { number, kind: 'fixed32', bytes: take(4) };
        break;
      default:
        throw new RangeError(`a field has the unknown kind ${key & 7n}`);
    }
  }
}
