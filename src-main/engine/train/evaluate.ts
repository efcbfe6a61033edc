import type { Confusion, Metrics } from '../../contract/runs.ts';
import { scope } from '../autodiff/scope.ts';
import { withoutGradient } from '../autodiff/tape.ts';
import { planEvaluation, planPasses } from '../data/batching.ts';
import type { BatchPlace } from '../data/collate.ts';
import type { Example } from '../data/examples.ts';
import type { Model } from '../models/model.ts';
import type { OpenObjective } from '../objectives/objective.ts';

export interface EvaluationSetup {
  readonly model: Model;
  readonly objective: OpenObjective;
  readonly place: BatchPlace;
  readonly batchSize: number;
  /** Tokens computed at once, unless one row has more. */
  readonly maximumTokens: number;
  /** Called between batches. */
  readonly betweenBatches: () => Promise<void>;
  /** Ends the evaluation early when true. */
  readonly shouldStop: () => boolean;
}

export interface Evaluation {
  readonly metrics: Metrics;
  readonly confusion?: Confusion;
}

/** Measures all examples without training. Null when it was ended early. */
export async function evaluate(
  setup: EvaluationSetup,
  examples: readonly Example[],
): Promise<Evaluation | null> {
  const { model, objective, place } = setup;
  const score = objective.startScore();
  const lengths = examples.map((example) => example.ids.length);
  const limits = { maximumTokens: setup.maximumTokens, packs: place.packs ?? false };
  const passes = planEvaluation(lengths, setup.batchSize).flatMap((indices) => {
    const batch = indices.flatMap((index) => examples[index] ?? []);
    const groups = planPasses(
      batch.map(({ ids }) => ids.length),
      limits,
    );
    return groups.map((group) => group.flatMap((index) => batch[index] ?? []));
  });
  for (const batch of passes) {
    if (setup.shouldStop()) return null;
    withoutGradient(() => scope(() => score.take(model, batch, place)));
    await setup.betweenBatches();
  }
  return score.finish();
}
