import type { ParquetParsers } from 'hyparquet';
import type { FieldValue } from '../../contract/datasets.ts';
import { parseJson } from '../values.ts';

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** An instant as ISO 8601 with as many digits of the second as it has. */
function instant(count: bigint, digits: 3 | 6 | 9): string {
  const unit = 10n ** BigInt(digits);
  const seconds = count >= 0n ? count / unit : -((-count + unit - 1n) / unit);
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return String(count);
  const fraction = String(count - seconds * unit)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return `${date.toISOString().slice(0, -5)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

export const parquetParsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (count) => instant(count, 3),
  timestampFromMicroseconds: (count) => instant(count, 6),
  timestampFromNanoseconds: (count) => instant(count, 9),
  dateFromDays(days) {
    const date = new Date(days * 86_400_000);
    return Number.isNaN(date.getTime()) ? String(days) : date.toISOString().slice(0, 10);
  },
  stringFromBytes: (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : text.decode(bytes)),
  jsonFromBytes: (bytes: Uint8Array | undefined) =>
    bytes === undefined ? undefined : parseJson(text.decode(bytes)),
};

/** Bytes as text where they are UTF-8, as Base64 otherwise. */
function textOfBytes(bytes: Uint8Array): string {
  try {
    return text.decode(bytes);
  } catch {
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary);
  }
}

/** A value as the library decoded it, as a JSON value. */
export function toField(value: unknown): FieldValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
        ? Number(value)
        : String(value);
    case 'object':
      if (value === null) return null;
      if (value instanceof Uint8Array) return textOfBytes(value);
      if (value instanceof Date) return value.toISOString();
      if (Array.isArray(value)) return value.map(toField);
      if (ArrayBuffer.isView(value)) return Array.from(Object.values(value), toField);
      return Object.fromEntries(
        Object.entries(value)
          .filter(([name]) => name !== '__proto__')
          .map(([name, inner]) => [name, toField(inner)]),
      );
    default:
      return null;
  }
}
