import type { Metrics } from '../../contract/runs.ts';
import { pearson, spearman } from './correlation.ts';

/** Texts among which each one has to find its partner: more would take time that grows with their square. */
const poolSize = 1000;

interface Pair {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

function dot(a: Float32Array, b: Float32Array): number {
  let total = 0;
  for (let index = 0; index < a.length; index++) total += (a[index] ?? 0) * (b[index] ?? 0);
  return total;
}

/** Partners that read alike have the same vector up to rounding: neither is nearer than the other. */
const rounding = 1e-6;

/** Place of each first text's own partner among all partners, from 1. */
function ranksOf(pairs: readonly Pair[]): number[] {
  return pairs.map(({ first, second }) => {
    const own = dot(first, second);
    return 1 + pairs.filter((other) => dot(first, other.second) > own + rounding).length;
  });
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/**
 * Measures vectors of length 1. Pairs that belong together: how often a text's own partner is the nearest, and the mean of
 * 1 / its place, among up to a thousand. Scored pairs: how cosines go with scores.
 */
export function startEmbeddingScore() {
  const pairs: Pair[] = [];
  const cosines: number[] = [];
  const allScores: number[] = [];
  let lossSum = 0;
  let total = 0;
  return {
    /** @param first and second `[count, width]`, row by row */
    add(
      loss: number,
      first: ArrayLike<number>,
      second: ArrayLike<number>,
      count: number,
      scores: readonly number[] | null,
    ) {
      lossSum += loss * count;
      total += count;
      const width = first.length / count;
      const row = (values: ArrayLike<number>, index: number) =>
        Float32Array.from({ length: width }, (_, column) => values[index * width + column] ?? 0);
      for (let index = 0; index < count; index++) {
        const pair = { first: row(first, index), second: row(second, index) };
        if (scores) cosines.push(dot(pair.first, pair.second));
        else pairs.push(pair);
      }
      allScores.push(...(scores ?? []));
    },
    metrics(): Metrics {
      const loss = lossSum / Math.max(1, total);
      if (allScores.length > 0) {
        return { loss, pearson: pearson(cosines, allScores), spearman: spearman(cosines, allScores) };
      }
      const ranks: number[] = [];
      for (let start = 0; start < pairs.length; start += poolSize) {
        ranks.push(...ranksOf(pairs.slice(start, start + poolSize)));
      }
      return {
        loss,
        recallAt1: average(ranks.map((rank) => Number(rank === 1))),
        meanReciprocalRank: average(ranks.map((rank) => 1 / rank)),
      };
    },
  };
}
