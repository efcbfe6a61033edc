import type { Confusion, Metrics } from '../../contract/runs.ts';
import { scope } from '../autodiff/scope.ts';
import { withoutGradient } from '../autodiff/tape.ts';
import { planEvaluation, planPasses } from '../data/batching.ts';
import type { BatchPlace } from '../data/collate.ts';
import type { Example } from '../data/examples.ts';
import type { Model, Pass } from '../models/model.ts';
import type { Objective } from '../objectives/objective.ts';

/** A pass without dropout: nothing is drawn from its random stream. */
export const evaluationPass: Pass = { training: false, random: { seed: 0, next: () => 0 } };

export interface EvaluationSetup {
  readonly model: Model;
  readonly objective: Objective;
  readonly place: BatchPlace;
  readonly labels: readonly string[];
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
  const score = objective.startScore(setup.labels);
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
    withoutGradient(() =>
      scope(() => {
        const { loss, targets, predictions } = objective.measure(model, batch, place, evaluationPass);
        score.add(loss.scalar(), predictions?.() ?? [], targets);
      }),
    );
    await setup.betweenBatches();
  }
  return score.finish();
}
