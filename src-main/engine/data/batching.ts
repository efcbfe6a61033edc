import { namedStream, shuffledOrder } from './random.ts';

export interface EpochRequest {
  /** Number of examples. */
  readonly count: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly epoch: number;
}

function cut(order: readonly number[] | Uint32Array, batchSize: number): number[][] {
  const batches: number[][] = [];
  for (let from = 0; from < order.length; from += batchSize) {
    batches.push(Array.from(order.slice(from, from + batchSize)));
  }
  return batches;
}

/**
 * The batches of one epoch as indices of examples: every example once, in random order. A pure function of its request,
 * so (epoch, batch number) is all that a resumed run needs to know.
 */
export function planEpoch({ count, batchSize, seed, epoch }: EpochRequest): number[][] {
  return cut(shuffledOrder(count, namedStream(seed, 'order', epoch)), batchSize);
}

/** What starting one more forward and backward pass costs, in tokens computed. */
const passCostInTokens = 128;

/** Examples by their lengths in passes that hold so many tokens at most, unless a single example is longer. */
export interface PassLimits {
  readonly maximumTokens: number;
  /** Texts are laid end to end, so that only their own tokens count. */
  readonly packs: boolean;
}

/**
 * The passes in which a batch is computed. Weighted by what counts in each, their gradients add up to that of the whole
 * batch, so the limit bounds memory and changes nothing else.
 * @returns groups of indices
 */
export function planPasses(lengths: readonly number[], { maximumTokens, packs }: PassLimits): number[][] {
  return packs ? shareTokens(lengths, maximumTokens) : splitByLength(lengths, maximumTokens);
}

/** As few groups as the limit allows, with about the same number of tokens each. */
function shareTokens(lengths: readonly number[], maximumTokens: number): number[][] {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const longestFirst = lengths.map((_, index) => index).sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
  for (let count = Math.ceil(total / maximumTokens); ; count++) {
    const groups = Array.from({ length: Math.max(1, count) }, () => ({ tokens: 0, indices: [] as number[] }));
    for (const index of longestFirst) {
      const emptiest = groups.reduce((best, group) => (group.tokens < best.tokens ? group : best));
      emptiest.tokens += lengths[index] ?? 0;
      emptiest.indices.push(index);
    }
    const fits = groups.every(({ tokens, indices }) => tokens <= maximumTokens || indices.length === 1);
    if (fits || count >= lengths.length) {
      return groups.flatMap(({ indices }) => (indices.length > 0 ? [indices.sort((a, b) => a - b)] : []));
    }
  }
}

/**
 * Splits a batch into passes of similar length, so that little is computed for padding: the cheapest split of the rows
 * sorted by length, by dynamic programming. Summed gradients are those of the whole batch; which rows meet in an update
 * stays random, which sorting rows into batches by length would spoil.
 * @param maximumTokens of a pass with more than one row, padding included
 * @returns groups of indices, each sorted by length
 */
export function splitByLength(lengths: readonly number[], maximumTokens = Infinity): number[][] {
  const sorted = lengths.map((_, index) => index).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
  // cheapest[n]: cost of the first n rows; start[n]: where the last group of that split begins.
  const cheapest = [0];
  const start = [0];
  for (let end = 1; end <= sorted.length; end++) {
    const longest = lengths[sorted[end - 1] ?? 0] ?? 0;
    let best = Infinity;
    for (let begin = end - 1; begin >= 0; begin--) {
      const tokens = (end - begin) * longest;
      if (tokens > maximumTokens && end - begin > 1) break;
      const cost = (cheapest[begin] ?? 0) + tokens + passCostInTokens;
      if (cost >= best) continue;
      best = cost;
      start[end] = begin;
    }
    cheapest[end] = best;
  }
  const groups: number[][] = [];
  for (let end = sorted.length; end > 0; end = start[end] ?? 0) {
    groups.unshift(sorted.slice(start[end] ?? 0, end));
  }
  return groups;
}

/** Batches for evaluation: every example once, longest first, so that too little memory shows at once. */
export function planEvaluation(lengths: ArrayLike<number>, batchSize: number): number[][] {
  const order = Array.from(lengths, (_, index) => index);
  order.sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
  return cut(order, batchSize);
}
