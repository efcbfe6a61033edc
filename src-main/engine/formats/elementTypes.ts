/** Element types of a safetensors file this program reads, with their size in bytes, in the order of a written file. */
export const elementBytes = {
  I64: 8,
  F64: 8,
  F32: 4,
  I32: 4,
  BF16: 2,
  F16: 2,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

export type ElementType = keyof typeof elementBytes;

export function isElementType(type: string): type is ElementType {
  return Object.hasOwn(elementBytes, type);
}

/** Whether weights can have this type. */
export function isFloatType(type: ElementType): boolean {
  return type === 'F32' || type === 'F16' || type === 'BF16' || type === 'F64';
}

/** The same bytes at an address that typed arrays of any width can view. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
}

/** IEEE 754 half precision: 1 sign bit, 5 of exponent, 10 of fraction. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let halves: Float32Array | null = null;

/** Every half as a float32: looking up is faster than computing where weights have millions of elements. */
function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 0x10000 }, (_, half) => halfToNumber(half));
  return halves;
}

/** Little-endian elements as float32; exact for F32, F16 and BF16, rounded for F64. */
export function toFloat32(bytes: Uint8Array, type: ElementType): Float32Array {
  const { buffer, byteOffset, byteLength } = aligned(bytes);
  switch (type) {
    case 'F32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer, byteOffset, byteLength / 8));
    case 'BF16': {
      // A bfloat16 is the upper half of a float32.
      const upper = new Uint16Array(buffer, byteOffset, byteLength / 2);
      const words = new Uint32Array(upper.length);
      for (let index = 0; index < words.length; index++) words[index] = (upper[index] ?? 0) << 16;
      return new Float32Array(words.buffer);
    }
    case 'F16': {
      const table = halfTable();
      const source = new Uint16Array(buffer, byteOffset, byteLength / 2);
      const values = new Float32Array(source.length);
      for (let index = 0; index < values.length; index++) values[index] = table[source[index] ?? 0] ?? 0;
      return values;
    }
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer, byteOffset, byteLength / 8), Number);
    case 'I32':
      return Float32Array.from(new Int32Array(buffer, byteOffset, byteLength / 4));
    case 'I16':
      return Float32Array.from(new Int16Array(buffer, byteOffset, byteLength / 2));
    case 'I8':
      return Float32Array.from(new Int8Array(buffer, byteOffset, byteLength));
    case 'U8':
    case 'BOOL':
      return Float32Array.from(bytes);
    default:
      return type satisfies never;
  }
}

/** Raw 16-bit patterns of a BF16 or F16 tensor, as a backend takes them. */
export function toBitPatterns(bytes: Uint8Array): Uint16Array {
  const { buffer, byteOffset, byteLength } = aligned(bytes);
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}

/** The bytes of an array of values, little-endian, without a copy. */
export function bytesOf(
  values: Float32Array | Int32Array | Uint16Array | Uint8Array | BigInt64Array,
): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
