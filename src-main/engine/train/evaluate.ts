import type { Confusion, Metrics } from '../../contract/runs.ts';
import { scope } from '../autodiff/scope.ts';
import { withoutGradient } from '../autodiff/tape.ts';
import { planEvaluation } from '../data/batching.ts';
import type { BatchPlace } from '../data/collate.ts';
import type { Example } from '../data/examples.ts';
import type { Model } from '../models/model.ts';
import type { OpenObjective } from '../objectives/objective.ts';
import { splitIntoPasses } from './step.ts';

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
  const lengths = examples.map(({ ids }) => ids.length);
  const batches = planEvaluation(lengths, setup.batchSize).map((indices) =>
    indices.flatMap((index) => examples[index] ?? []),
  );
  const passes = splitIntoPasses(batches, setup);
  for (const batch of passes) {
    if (setup.shouldStop()) return null;
    withoutGradient(() => scope(() => score.take(model, batch, place)));
    await setup.betweenBatches();
  }
  return score.finish();
}
