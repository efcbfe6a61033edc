import { TunebenchError } from '../../contract/errors/index.ts';
import { backpropagate } from '../autodiff/tape.ts';
import type { Parameter } from '../autodiff/tensor.ts';
import { planPasses } from '../data/batching.ts';
import type { BatchPlace } from '../data/collate.ts';
import { type Example, countTokens } from '../data/examples.ts';
import type { Course } from '../methods/method.ts';
import { memberCount } from '../models/hooks.ts';
import type { Model, Pass } from '../models/model.ts';
import type { OpenObjective } from '../objectives/objective.ts';
import type { RandomStream } from '../ops/index.ts';
import { clipFactor, measureGradientNorm } from '../optim/clip.ts';
import type { AdamW } from '../optim/adamw.ts';

/** More random draws than one forward pass makes, and more passes than one update has. */
const drawsPerPass = 2 ** 16;
const passesPerStep = 2 ** 12;

/** The random draws of one forward pass, numbered by update and pass: independent of everything before it. */
export function randomOfPass(seed: number, step: number, pass: number): RandomStream {
  let draw = (step * passesPerStep + pass) * drawsPerPass;
  return { seed, next: () => draw++ };
}

export interface StepSetup {
  readonly model: Model;
  readonly objective: OpenObjective;
  readonly place: BatchPlace;
  readonly trainable: readonly Parameter[];
  readonly course?: Course | undefined;
  readonly seed: number;
  readonly maximumGradientNorm: number;
  /** Tokens computed at once, unless one row has more. */
  readonly maximumTokens: number;
  /** Computes the inside of each block again for the gradient instead of keeping it. */
  readonly recompute: boolean;
}

export interface GradientReport {
  /** Mean over everything that counted. */
  readonly loss: number;
  /** Share of right answers, where the objective reports it while training. */
  readonly accuracy: number | null;
  /** What the method adds to the loss; null where it adds nothing. */
  readonly penalty: number | null;
}

/** The rows of one update in the passes they are computed in. */
export function splitIntoPasses(
  batches: readonly (readonly Example[])[],
  {
    model,
    place,
    maximumTokens,
    objective,
  }: Pick<StepSetup, 'model' | 'place' | 'maximumTokens' | 'objective'>,
): (readonly Example[])[] {
  if (objective.keepsBatches) return [...batches];
  const limits = { maximumTokens, packs: place.packs ?? false };
  const copies = memberCount(model.hooks);
  const tokensOf = (example: Example) => copies * countTokens(example);
  return batches.flatMap((batch) =>
    planPasses(batch.map(tokensOf), limits).map((group) => group.flatMap((index) => batch[index] ?? [])),
  );
}

/**
 * Adds up the gradients of all batches of an update as if they were one: each pass weighs as much as it has targets.
 * @param step number of the update, for its random draws
 */
export function accumulateGradients(
  setup: StepSetup,
  batches: readonly (readonly Example[])[],
  step: number,
): GradientReport {
  const { model, objective, place, trainable, course } = setup;
  const total = objective.countTargets(batches.flat());
  let loss = 0;
  const answers = { right: 0, total: 0 };
  splitIntoPasses(batches, setup).forEach((examples, index) => {
    const share = objective.countTargets(examples) / total;
    const random = randomOfPass(setup.seed, step, index);
    const pass: Pass = { training: true, random, ...(setup.recompute ? { recompute: trainable } : {}) };
    const passLoss = backpropagate(
      trainable,
      () => {
        const measured = objective.measure(model, examples, place, pass);
        const tally = measured.tally?.();
        answers.right += tally?.right ?? 0;
        answers.total += tally?.total ?? 0;
        return measured.loss;
      },
      share,
    );
    loss += passLoss * share;
  });
  const penalty = course?.penalty ? backpropagate(trainable, course.penalty) : null;
  return { loss, accuracy: answers.total > 0 ? answers.right / answers.total : null, penalty };
}

/**
 * One update of the weights from the gradients at hand.
 * @returns the gradients' norm before clipping
 * @throws TunebenchError `run.lossNotFinite` before anything is changed
 */
export function applyUpdate(
  setup: StepSetup,
  optimizer: AdamW,
  learningRate: number,
  at: { readonly step: number; readonly loss: number; readonly penalty: number | null },
): number {
  const norm = measureGradientNorm(setup.trainable);
  const total = at.loss + (at.penalty ?? 0);
  if (!Number.isFinite(total) || !Number.isFinite(norm)) {
    for (const parameter of setup.trainable) parameter.clearGradient();
    const loss = Number.isFinite(total) ? norm : total;
    throw new TunebenchError('run.lossNotFinite', { step: at.step, loss: String(loss), learningRate });
  }
  const factor = clipFactor(norm, setup.maximumGradientNorm);
  optimizer.step(learningRate, factor, () => setup.course?.afterUpdate?.(at.step, factor));
  return norm;
}
