/** Conversions between float32 and the raw bits of the two 16-bit float types, rounding to nearest, ties to even. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

function bitsOf(value: number): number {
  float[0] = value;
  return bits[0] ?? 0;
}

function valueOf(pattern: number): number {
  bits[0] = pattern;
  return float[0] ?? 0;
}

/** Bits of the nearest bfloat16. */
export function toBfloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  const pattern = bitsOf(value);
  return ((pattern + 0x7fff + ((pattern >>> 16) & 1)) >>> 16) & 0xffff;
}

export function fromBfloat16(half: number): number {
  return valueOf((half << 16) >>> 0);
}

/** Bits of the nearest IEEE half. Beyond ±65504 (rounded) becomes infinity. */
export function toFloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const pattern = bitsOf(value);
  const sign = (pattern >>> 16) & 0x8000;
  const magnitude = valueOf(pattern & 0x7fffffff);
  if (magnitude >= 65520) return sign | 0x7c00;
  // Below 2^-14 halves are multiples of 2^-24: adding 2^-1 lets float32 addition round to such a multiple.
  if (magnitude < 2 ** -14) return sign | (bitsOf(magnitude + 0.5) - 0x3f000000);
  const rounded = (pattern & 0x7fffffff) + 0xfff + ((pattern >>> 13) & 1);
  return sign | ((rounded - ((127 - 15) << 23)) >>> 13);
}

export function fromFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Raw 16-bit patterns → float32. */
export function expandHalves(halves: Uint16Array, dtype: 'bfloat16' | 'float16'): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  if (dtype === 'bfloat16') {
    const patterns = new Uint32Array(values.buffer);
    for (let index = 0; index < halves.length; index++) patterns[index] = (halves[index] ?? 0) << 16;
  } else for (let index = 0; index < halves.length; index++) values[index] = fromFloat16(halves[index] ?? 0);
  return values;
}

/** float32 → raw 16-bit patterns. */
export function packHalves(values: Float32Array, dtype: 'bfloat16' | 'float16'): Uint16Array<ArrayBuffer> {
  const convert = dtype === 'bfloat16' ? toBfloat16 : toFloat16;
  return Uint16Array.from(values, convert);
}
