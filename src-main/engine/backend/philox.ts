/** Philox 4×32-10 (https://doi.org/10.1145/2063384.2063405), with the counters and keys of TensorFlow's stateless ops. */

const multiplierA = 0xd2511f53;
const multiplierB = 0xcd9e8d57;

/** High 32 bits of the product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** One block: replaces the counter in `words[0..3]` by four random words. */
export function scramble(words: Uint32Array, keyLow: number, keyHigh: number): void {
  let [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = words;
  let k0 = keyLow;
  let k1 = keyHigh;
  for (let round = 0; round < 10; round++) {
    const highA = multiplyHigh(multiplierA, c0);
    const lowA = Math.imul(multiplierA, c0) >>> 0;
    const highB = multiplyHigh(multiplierB, c2);
    const lowB = Math.imul(multiplierB, c2) >>> 0;
    c0 = (highB ^ c1 ^ k0) >>> 0;
    c1 = lowB;
    c2 = (highA ^ c3 ^ k1) >>> 0;
    c3 = lowA;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

/** Low and high 32 bits of a whole number, two's complement. */
const lowWord = (value: number): number => value >>> 0;
const highWord = (value: number): number => Math.floor(value / 2 ** 32) >>> 0;

/** What TensorFlow's StatelessRandomUniformFullInt gives for the seed `[seed, stream]`: `count` random words. */
function philoxWords(count: number, seed: number, stream: number): Uint32Array {
  // The seeds are scrambled once with a fixed key to give the key and the upper half of the counter.
  const start = Uint32Array.of(lowWord(seed), highWord(seed), lowWord(stream), highWord(stream));
  scramble(start, 0x3ec8f720, 0x02461e29);
  const [keyLow = 0, keyHigh = 0, upperLow = 0, upperHigh = 0] = start;
  const blocks = Math.ceil(count / 4);
  const words = new Uint32Array(4 * blocks);
  for (let block = 0; block < blocks; block++) {
    const four = words.subarray(4 * block, 4 * block + 4);
    four[0] = block;
    four[2] = upperLow;
    four[3] = upperHigh;
    scramble(four, keyLow, keyHigh);
  }
  return words.subarray(0, count);
}

/** What TensorFlow's StatelessRandomUniform gives for the seed `[seed, stream]`: `size` floats in [0, 1). */
export function philoxUniform(size: number, seed: number, stream: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(philoxWords(size, seed, stream), (word) => (word & 0x7fffff) / 0x800000);
}

/** Dropout probabilities are kept in steps of 1/65536: two elements share a random word. */
export function dropoutThreshold(probability: number): {
  readonly threshold: number;
  readonly factor: number;
} {
  const threshold = Math.min(65535, Math.round(probability * 65536));
  return { threshold, factor: 65536 / (65536 - threshold) };
}

/** Dropout factors: element 2i falls to the low half of word i, element 2i + 1 to the high half. */
export function philoxFactors(
  size: number,
  probability: number,
  seed: number,
  stream: number,
): Float32Array<ArrayBuffer> {
  const { threshold, factor } = dropoutThreshold(probability);
  const words = philoxWords(Math.ceil(size / 2), seed, stream);
  const factors = new Float32Array(size);
  for (let index = 0; index < size; index++) {
    const word = words[index >>> 1] ?? 0;
    factors[index] = (index & 1 ? word >>> 16 : word & 0xffff) >= threshold ? factor : 0;
  }
  return factors;
}
