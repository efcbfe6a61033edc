import { scope } from '../autodiff/scope.ts';
import { withoutGradient } from '../autodiff/tape.ts';
import { planEvaluation } from '../data/batching.ts';
import type { Example } from '../data/examples.ts';

const batchSize = 32;

/**
 * Runs examples in batches of similar length, without gradients.
 * @param run within a scope; one result for each example it is given
 * @returns results in the order of the examples
 */
export function inBatches<Result>(
  examples: readonly Example[],
  run: (examples: readonly Example[]) => readonly Result[],
): Result[] {
  const results: { index: number; result: Result }[] = [];
  const lengths = examples.map(({ ids }) => ids.length);
  for (const indices of planEvaluation(lengths, batchSize)) {
    withoutGradient(() =>
      scope(() => {
        const answers = run(indices.flatMap((index) => examples[index] ?? []));
        answers.forEach((result, row) => results.push({ index: indices[row] ?? 0, result }));
      }),
    );
  }
  return results.sort((a, b) => a.index - b.index).map(({ result }) => result);
}
