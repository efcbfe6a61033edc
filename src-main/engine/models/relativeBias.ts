import { scope } from '../autodiff/scope.ts';
import type { Parameter, Tensor } from '../autodiff/tensor.ts';
import { embedding, indicesFrom, transpose } from '../ops/index.ts';

// Positions as T5 has them (https://arxiv.org/abs/1910.10683): a learned number for every head and bucket of distances is
// added to the scores of attention.

export interface DistanceBuckets {
  /** Distances in both directions have buckets; otherwise only keys before the query. */
  readonly bothWays: boolean;
  readonly buckets: number;
  /** Farther distances share the last bucket. */
  readonly maximumDistance: number;
}

/**
 * Bucket of a distance: each near one its own, far ones logarithmically; counted in float32, as torch does it.
 * @param distance position of the key − position of the query
 */
export function distanceBucket(
  distance: number,
  { bothWays, buckets, maximumDistance }: DistanceBuckets,
): number {
  const count = bothWays ? Math.floor(buckets / 2) : buckets;
  const start = bothWays && distance > 0 ? count : 0;
  const size = bothWays ? Math.abs(distance) : Math.max(-distance, 0);
  const near = Math.floor(count / 2);
  if (size < near) return start + size;
  const log = Math.fround(Math.log(Math.fround(size / near)));
  const share = Math.fround(log / Math.fround(Math.log(maximumDistance / near)));
  return start + Math.min(near + Math.trunc(Math.fround(share * (count - near))), count - 1);
}

/**
 * What is added to the scores.
 * @param table `[buckets, heads]`
 * @param positions of the queries, for each row of the batch or once for all rows alike
 * @param keyTime keys stand at positions 0, 1, 2 …
 * @returns `[batch or 1, heads, queryTime, keyTime]`
 */
export function relativeBias(
  table: Parameter,
  positions: readonly (readonly number[])[],
  keyTime: number,
  buckets: DistanceBuckets,
): Tensor {
  const { backend } = table.value;
  const places = positions.flatMap((row) =>
    row.flatMap((query) => Array.from({ length: keyTime }, (_, key) => distanceBucket(key - query, buckets))),
  );
  const shape = [positions.length, positions[0]?.length ?? 0, keyTime];
  return scope(() => transpose(embedding(table.value, indicesFrom(backend, places, shape)), [0, 3, 1, 2]));
}
