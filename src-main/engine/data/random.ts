import { scramble } from '../backend/philox.ts';

/** 32 bits of a name (FNV-1a), to give each use of randomness its own stream. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
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
  const words = new Uint32Array(4);
  const uniform = (index: number) => {
    words[0] = index;
    words[1] = Math.floor(index / 0x100000000);
    words[2] = part;
    words[3] = Math.floor(part / 0x100000000);
    scramble(words, ...key);
    const [first = 0, second = 0] = words;
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
