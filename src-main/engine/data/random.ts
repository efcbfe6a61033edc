/** 32 bits of a name (FNV-1a), to give each use of randomness its own stream. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** Philox 4×32-10 (https://doi.org/10.1145/2063384.2063405): four random words as a pure function of counter and key. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1 >>> 0, (high0 ^ c3 ^ k1) >>> 0, low0 >>> 0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/**
 * A named stream of random numbers without state: number n is the same whatever was drawn before, so nothing has to be
 * stored to go on after a break.
 */
export interface NamedStream {
  /** Uniform in [0, 1), 53 bits. */
  uniform(index: number): number;
  /** A whole number from 0 to `below` − 1. */
  integer(index: number, below: number): number;
}

/** @param part tells streams of one name apart, for example an epoch */
export function namedStream(seed: number, name: string, part = 0): NamedStream {
  const high = Math.floor(seed / 0x100000000) >>> 0;
  const key = [seed >>> 0, (hashName(name) ^ high) >>> 0] as const;
  const uniform = (index: number) => {
    const [first, second] = philox(
      [index >>> 0, Math.floor(index / 0x100000000) >>> 0, part >>> 0, Math.floor(part / 0x100000000) >>> 0],
      key,
    );
    return ((first >>> 5) * 0x4000000 + (second >>> 6)) / 0x20000000000000;
  };
  return { uniform, integer: (index, below) => Math.floor(uniform(index) * below) };
}

/** The numbers 0 to count − 1 in a random order (Fisher–Yates). */
export function shuffledOrder(count: number, stream: NamedStream): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = stream.integer(last, last + 1);
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}
