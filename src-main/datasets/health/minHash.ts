/**
 * MinHash: a text's set of shingles as a short signature whose entries agree with another's as often as the sets overlap.
 * Broder, On the resemblance and containment of documents, https://doi.org/10.1109/SEQUEN.1997.666900
 * Bands of a signature find the pairs worth comparing: Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, chapter 3.
 */

export interface Banding {
  readonly bands: number;
  readonly rowsPerBand: number;
}

/** 112 hashes; half of the pairs that share 0.68 of their shingles are found, 0.92 at 0.8, nearly all at 0.85. */
export const usualBanding: Banding = { bands: 14, rowsPerBand: 8 };

/** Characters of a shingle. */
const shingleLength = 5;

/** Murmur3's finaliser: every input bit reaches every output bit. */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Hashes of a text's overlapping pieces of five UTF-16 units, each once, ascending. A shorter text is one piece. */
export function shinglesOf(text: string): Uint32Array {
  const count = Math.max(1, text.length - shingleLength + 1);
  const hashes = new Uint32Array(count);
  for (let start = 0; start < count; start++) {
    let hash = 0x811c9dc5;
    const end = Math.min(text.length, start + shingleLength);
    for (let index = start; index < end; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hashes[start] = mix(hash);
  }
  hashes.sort();
  let kept = 1;
  for (let index = 1; index < count; index++) {
    const hash = hashes[index] ?? 0;
    if (hash !== hashes[kept - 1]) hashes[kept++] = hash;
  }
  return hashes.subarray(0, kept);
}

/** The share of all elements of two ascending sets that are in both. */
export function jaccard(one: Uint32Array, other: Uint32Array): number {
  let shared = 0;
  for (let left = 0, right = 0; left < one.length && right < other.length;) {
    const [a = 0, b = 0] = [one[left], other[right]];
    if (a === b) shared++;
    if (a <= b) left++;
    if (b <= a) right++;
  }
  const union = one.length + other.length - shared;
  return union === 0 ? 1 : shared / union;
}

export interface MinHasher {
  /** The smallest value of each hash function over a set. */
  sign(shingles: Uint32Array): Uint32Array;
  /** Keys of a signature's bands; sets with an equal key are candidates. */
  bandKeys(signature: Uint32Array): Float64Array;
}

export function createMinHasher({ bands, rowsPerBand }: Banding, seed: number): MinHasher {
  const length = bands * rowsPerBand;
  const offsets = new Int32Array(length).map((_, index) => mix(seed + index * 2 + 1));
  const factors = new Int32Array(length).map((_, index) => mix(seed + index * 2 + 2) | 1);
  return {
    sign(shingles) {
      const signature = new Uint32Array(length);
      for (let index = 0; index < length; index++) {
        const offset = offsets[index] ?? 0;
        const factor = factors[index] ?? 1;
        let least = 0xffffffff;
        for (let position = 0; position < shingles.length; position++) {
          let hash = Math.imul((shingles[position] ?? 0) ^ offset, factor);
          hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
          hash = (hash ^ (hash >>> 13)) >>> 0;
          if (hash < least) least = hash;
        }
        signature[index] = least;
      }
      return signature;
    },
    bandKeys(signature) {
      const keys = new Float64Array(bands);
      for (let band = 0; band < bands; band++) {
        let high = band;
        let low = ~band;
        for (let row = band * rowsPerBand; row < (band + 1) * rowsPerBand; row++) {
          const value = signature[row] ?? 0;
          high = mix(high ^ value);
          low = mix(Math.imul(low, 31) + value);
        }
        // 53 bits: as many as a number holds exactly.
        keys[band] = high * 2 ** 21 + (low >>> 11);
      }
      return keys;
    },
  };
}

/** The chance that two sets with this overlap share a band: 1 − (1 − sʳ)ᵇ. */
export function detectionProbability(overlap: number, { bands, rowsPerBand }: Banding): number {
  return 1 - (1 - overlap ** rowsPerBand) ** bands;
}
