import { namedStream, shuffledOrder } from './random.ts';

export interface EpochRequest {
  /** Length of each example in tokens. */
  readonly lengths: ArrayLike<number>;
  readonly batchSize: number;
  readonly seed: number;
  readonly epoch: number;
}

/** Batches a window of this many is sorted by length: long enough for little padding, short enough to stay random. */
const windowBatches = 50;

/**
 * The batches of one epoch as indices of examples: every example once, in random order, examples of similar length
 * together. A pure function of its request, so (epoch, batch number) is all that a resumed run needs to know.
 */
export function planEpoch({ lengths, batchSize, seed, epoch }: EpochRequest): Uint32Array[] {
  const order = shuffledOrder(lengths.length, namedStream(seed, 'order', epoch));
  const batches: Uint32Array[] = [];
  const windowSize = batchSize * windowBatches;
  for (let start = 0; start < order.length; start += windowSize) {
    const window = Array.from(order.subarray(start, start + windowSize));
    // A stable sort keeps the random order among examples of one length.
    window.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
    for (let from = 0; from < window.length; from += batchSize) {
      batches.push(Uint32Array.from(window.slice(from, from + batchSize)));
    }
  }
  const batchOrder = shuffledOrder(batches.length, namedStream(seed, 'batchOrder', epoch));
  return Array.from(batchOrder, (index) => batches[index] ?? new Uint32Array());
}

/** Batches for evaluation: every example once, longest first, so that too little memory shows at once. */
export function planEvaluation(lengths: ArrayLike<number>, batchSize: number): Uint32Array[] {
  const order = Array.from(lengths, (_, index) => index);
  order.sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
  const batches: Uint32Array[] = [];
  for (let from = 0; from < order.length; from += batchSize) {
    batches.push(Uint32Array.from(order.slice(from, from + batchSize)));
  }
  return batches;
}
