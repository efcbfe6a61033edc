import { scope } from '../autodiff/scope.ts';
import { withoutGradient } from '../autodiff/tape.ts';
import { planEvaluation, planPasses } from '../data/batching.ts';
import type { BatchPlace } from '../data/collate.ts';
import { type Example, countTokens } from '../data/examples.ts';
import type { Model } from '../models/model.ts';
import type { OpenObjective } from '../objectives/objective.ts';

export interface ReferenceSetup {
  /** As it is before a method attaches. */
  readonly model: Model;
  readonly objective: OpenObjective;
  readonly place: BatchPlace;
  readonly batchSize: number;
  /** Tokens computed at once, unless one row has more. */
  readonly maximumTokens: number;
  /** Called between batches. */
  readonly betweenBatches: () => Promise<void>;
}

/**
 * Examples with what their objective wants to know of the model as it was before training: computed once, so that no
 * second copy of the model is needed, whatever is trained. The same objects where it wants nothing.
 */
export async function referExamples(
  { model, objective, place, batchSize, maximumTokens, betweenBatches }: ReferenceSetup,
  examples: readonly Example[],
): Promise<readonly Example[]> {
  if (!objective.refer) return examples;
  const referred = [...examples];
  const limits = { maximumTokens, packs: place.packs ?? false };
  for (const indices of planEvaluation(examples.map(countTokens), batchSize)) {
    const batch = indices.flatMap((index) => examples[index] ?? []);
    for (const group of planPasses(batch.map(countTokens), limits)) {
      const some = group.flatMap((place) => batch[place] ?? []);
      withoutGradient(() =>
        scope(() => {
          objective.refer?.(model, some, place).forEach((reference, row) => {
            const index = indices[group[row] ?? 0];
            const example = some[row];
            if (index !== undefined && example) referred[index] = { ...example, reference };
          });
        }),
      );
    }
    await betweenBatches();
  }
  return referred;
}
