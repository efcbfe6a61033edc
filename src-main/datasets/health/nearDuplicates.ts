import { type Banding, createMinHasher, jaccard, shinglesOf, usualBanding } from './minHash.ts';
import { normalizeText } from './normalize.ts';

export interface NearDuplicateOptions {
  /** Share of common shingles from which two texts count as near-duplicates. */
  readonly threshold: number;
  readonly banding: Banding;
  readonly seed: number;
}
const nearDuplicateDefaults: NearDuplicateOptions = { threshold: 0.8, banding: usualBanding, seed: 0 };

/** Texts that a newcomer to a bucket is compared with: a bucket of thousands holds texts made from one pattern. */
const mostComparisons = 50;

/** Rows that belong together, joined pair by pair. */
class Clusters {
  readonly #parents: Int32Array;

  constructor(size: number) {
    this.#parents = new Int32Array(size).map((_, index) => index);
  }

  root(row: number): number {
    let at = row;
    for (let parent = this.#parents[at] ?? at; parent !== at; parent = this.#parents[at] ?? at) {
      this.#parents[at] = this.#parents[parent] ?? parent;
      at = parent;
    }
    return at;
  }

  join(one: number, other: number): void {
    const [first, second] = [this.root(one), this.root(other)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }
}

/**
 * Clusters of at least two rows that near-duplicates connect, exact duplicates among them; in order of appearance. Pairs
 * are found with the chance `detectionProbability` gives and kept where their shingles truly overlap by the threshold.
 */
export function findNearDuplicates(
  texts: readonly string[],
  options: Partial<NearDuplicateOptions> = {},
): number[][] {
  const { threshold, banding, seed } = { ...nearDuplicateDefaults, ...options };
  const hasher = createMinHasher(banding, seed);
  const clusters = new Clusters(texts.length);
  const firstRows = new Map<string, number>();
  const distinct: number[] = [];
  const shingles: Uint32Array[] = [];
  const keys: Float64Array[] = [];
  texts.forEach((text, row) => {
    const normal = normalizeText(text);
    if (normal === '') return;
    const first = firstRows.get(normal);
    if (first !== undefined) {
      clusters.join(first, row);
      return;
    }
    firstRows.set(normal, row);
    const set = shinglesOf(normal);
    distinct.push(row);
    shingles.push(set);
    keys.push(hasher.bandKeys(hasher.sign(set)));
  });
  const noShingles = new Uint32Array(0);
  // Band by band, so that one table of buckets is in memory at a time.
  for (let band = 0; band < banding.bands; band++) {
    const buckets = new Map<number, number[]>();
    distinct.forEach((row, index) => {
      const key = keys[index]?.[band] ?? 0;
      const bucket = buckets.get(key);
      if (bucket === undefined) {
        buckets.set(key, [index]);
        return;
      }
      let known = false;
      for (const other of bucket.slice(0, mostComparisons)) {
        const otherRow = distinct[other] ?? 0;
        if (clusters.root(otherRow) === clusters.root(row)) known = true;
        else if (jaccard(shingles[other] ?? noShingles, shingles[index] ?? noShingles) >= threshold) {
          clusters.join(otherRow, row);
          known = true;
        }
      }
      if (!known) bucket.push(index);
    });
  }
  const members = new Map<number, number[]>();
  texts.forEach((_, row) => {
    const root = clusters.root(row);
    const rows = members.get(root);
    if (rows === undefined) members.set(root, [row]);
    else rows.push(row);
  });
  return [...members.values()].filter((rows) => rows.length > 1);
}
