import { TunebenchError } from '../../contract/errors/index.ts';
import { type Example, countTokens } from '../data/examples.ts';
import type { LoopSetup } from './loop.ts';
import { limitPasses } from './steering.ts';
import { splitIntoPasses } from './step.ts';

/** How TensorFlow, the portable backends and the engine's own buffers say that there is no memory left. */
const outOfMemory = /OOM when allocating|resource ?exhausted|out of memory|bad_alloc|allocation failed/i;

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && outOfMemory.test(error.message);
}

/**
 * Computes gradients, and where memory runs out, again with half as much at once until it fits: the rows of an update
 * and their weights stay as they are.
 * @throws TunebenchError `run.outOfMemory` where single rows do not fit, `run.batchOutOfMemory` where batches stay whole
 */
export function withinMemory<Result>(
  setup: LoopSetup,
  batches: readonly (readonly Example[])[],
  compute: () => Result,
): Result {
  for (;;) {
    try {
      return compute();
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      for (const parameter of setup.trainable) parameter.clearGradient();
      const passes = splitIntoPasses(batches, setup);
      const tokensOf = (pass: readonly Example[]) =>
        pass.reduce((sum, example) => sum + countTokens(example), 0);
      const largest = passes.toSorted((a, b) => tokensOf(b) - tokensOf(a))[0] ?? [];
      if (setup.objective.keepsBatches) {
        const details = { rows: largest.length, step: setup.position.step + 1 };
        throw new TunebenchError('run.batchOutOfMemory', details, { cause: error });
      }
      if (largest.length <= 1) {
        const details = { tokens: tokensOf(largest), step: setup.position.step + 1 };
        throw new TunebenchError('run.outOfMemory', details, { cause: error });
      }
      limitPasses(setup, Math.ceil(Math.min(setup.maximumTokens, tokensOf(largest)) / 2));
    }
  }
}
