import type { Split } from '../../contract/datasets.ts';
import type { ObjectiveSpec } from '../../contract/methods.ts';
import { planEpoch } from '../data/batching.ts';
import type { Example } from '../data/examples.ts';
import { namedStream } from '../data/random.ts';
import type { TextTokenizer } from '../data/tokenizer.ts';
import type { Parameter } from '../autodiff/tensor.ts';
import type { CourseTools } from '../methods/method.ts';
import type { AdamW } from '../optim/adamw.ts';
import { countWarmupSteps, learningRateFactor } from '../optim/schedules.ts';
import type { Checkpoints } from './checkpoints.ts';
import { createYielder } from './control.ts';
import { type EvaluationSetup, evaluate } from './evaluate.ts';
import type { TrainingOptions } from './options.ts';
import type { TrainingPlan } from './plan.ts';
import type { TrainJob } from '../../contract/worker.ts';
import { type RoomSetup, writeWhenThereIsRoom } from './room.ts';
import { type SampledQuestion, takeSamples } from './samples.ts';
import { takeSteering } from './steering.ts';
import type { Watch } from './watch.ts';
import { withinMemory } from './withinMemory.ts';
import { type StepSetup, accumulateGradients, applyUpdate } from './step.ts';

type ScriptedSteering = NonNullable<TrainJob['steering']>[number];

export interface LoopSetup extends StepSetup, RoomSetup {
  readonly optimizer: AdamW;
  readonly decidingMetric: ObjectiveSpec['decidingMetric'];
  /** What checkpoints hold: everything trainable and what the method remembers. */
  readonly stored: readonly Parameter[];
  readonly options: TrainingOptions;
  plan: TrainingPlan;
  maximumTokens: number;
  /** Changes made before, when the run is repeated or taken up again. */
  readonly script: readonly ScriptedSteering[];
  readonly examples: Readonly<Record<Split, readonly Example[]>>;
  readonly checkpoints: Checkpoints;
  /** Texts that are measured but not learned from. */
  readonly watch: Watch | null;
  /** Rows the model is asked about while it learns. */
  questions: readonly SampledQuestion[];
  readonly tokenizer: TextTokenizer;
}

/** Rows of a batch without gradients, which need less memory. */
export function evaluationBatchSize({ batchSize }: Pick<TrainingOptions, 'batchSize'>): number {
  return Math.max(32, batchSize);
}

export function evaluationSetup(setup: LoopSetup, yieldNow: () => Promise<void>): EvaluationSetup {
  const { model, objective, place, options, control, maximumTokens } = setup;
  return {
    maximumTokens,
    model,
    objective,
    place,
    batchSize: evaluationBatchSize(options),
    betweenBatches: yieldNow,
    shouldStop: () => control.stopRequested,
  };
}

/** The rows of each update of an epoch, remembered until another epoch is asked for. */
function createSampler(setup: LoopSetup): (step: number) => (readonly Example[])[] {
  const { train } = setup.examples;
  const { batchSize, accumulation } = setup.options;
  const { objective, seed } = setup;
  const show = (example: Example | undefined, index: number, epoch: number): Example | [] => {
    if (example === undefined || !objective.vary) return example ?? [];
    return objective.vary(example, namedStream(seed, `example ${index}`, epoch));
  };
  let planned: { epoch: number; batches: number[][] } | null = null;
  return (step) => {
    const epoch = Math.floor(step / setup.plan.stepsPerEpoch);
    if (planned?.epoch !== epoch) {
      planned = { epoch, batches: planEpoch({ count: train.length, batchSize, seed: setup.seed, epoch }) };
    }
    const first = (step % setup.plan.stepsPerEpoch) * accumulation;
    return planned.batches
      .slice(first, first + accumulation)
      .map((indices) => indices.flatMap((index) => show(train[index], index, epoch)));
  };
}

function evaluationDue({ options, plan, position }: LoopSetup): boolean {
  const every = options.evaluateEverySteps || plan.stepsPerEpoch;
  return position.step > 0 && (position.step % every === 0 || position.step === plan.totalSteps);
}

function checkpointDue({ options, plan, position }: LoopSetup): boolean {
  const every = options.checkpointEverySteps;
  return position.step === plan.totalSteps || (every > 0 && position.step % every === 0);
}

/**
 * Saves the run as it is, and only then removes checkpoints that are no longer kept. What was told of the steps before is
 * in the log by then: a run that goes on from here does not tell it again.
 */
async function saveCheckpoint(setup: LoopSetup): Promise<void> {
  const { checkpoints, position, stored, optimizer, observer } = setup;
  await observer.untilKept();
  const sizeBytes = await writeWhenThereIsRoom(setup, checkpoints.folderOf(position.step), (writer) =>
    checkpoints.write(writer, position, stored, optimizer),
  );
  checkpoints.removeOld(position);
  observer.tell({ event: 'checkpointed', step: position.step, sizeBytes });
}

/** Measures the validation rows and notes whether they are the best so far. */
async function evaluateValidation(setup: LoopSetup, yieldNow: () => Promise<void>): Promise<boolean> {
  const { position, decidingMetric, observer } = setup;
  const evaluation = await evaluate(evaluationSetup(setup, yieldNow), setup.examples.validation);
  if (evaluation === null) return false;
  const { name, better } = decidingMetric;
  const value = evaluation.metrics[name] ?? NaN;
  const previous = position.best?.value;
  const best = previous === undefined || (better === 'higher' ? value > previous : value < previous);
  position.evaluatedStep = position.step;
  position.evaluationsWithoutGain = best ? 0 : position.evaluationsWithoutGain + 1;
  if (best) {
    const watched = position.watched === null ? {} : { watched: position.watched };
    position.best = { step: position.step, value, metrics: evaluation.metrics, ...watched };
  }
  observer.tell({ event: 'evaluated', step: position.step, split: 'validation', ...evaluation, best });
  return true;
}

function canMeasure({ examples, watch }: LoopSetup): boolean {
  return examples.validation.length > 0 || watch !== null;
}

/** Measures everything that is not learned from: the watched texts first, for the best step keeps what was found there. */
async function measure(setup: LoopSetup, yieldNow: () => Promise<void>): Promise<boolean> {
  const { watch, position, control, observer } = setup;
  const stopping = { betweenBatches: yieldNow, shouldStop: () => control.stopRequested };
  const watched = (await watch?.measure(stopping)) ?? null;
  if (watched !== null) {
    position.watched = watched;
    observer.tell({ event: 'evaluated', step: position.step, split: 'watch', metrics: watched, best: false });
  }
  if (setup.examples.validation.length > 0) return evaluateValidation(setup, yieldNow);
  if (watched !== null) position.evaluatedStep = position.step;
  return watched !== null;
}

/** How much of the time a run may take has passed; 0 where time does not matter. */
function shareOfTime({ options, position }: LoopSetup): number {
  return options.maximumMinutes > 0 ? position.elapsedMs / (options.maximumMinutes * 60_000) : 0;
}

/** What a method may ask for between updates. */
function toolsFor(setup: LoopSetup, yieldNow: () => Promise<void>): CourseTools {
  const { position, optimizer, examples, decidingMetric } = setup;
  return {
    canMeasure: examples.validation.length > 0,
    async measure() {
      const evaluation = await evaluate(evaluationSetup(setup, yieldNow), examples.validation);
      if (evaluation === null) return null;
      const value = evaluation.metrics[decidingMetric.name] ?? NaN;
      return decidingMetric.better === 'higher' ? value : -value;
    },
    restart() {
      optimizer.reset();
      position.best = null;
      position.evaluationsWithoutGain = 0;
    },
  };
}

function trainStep(setup: LoopSetup, batches: readonly (readonly Example[])[]): void {
  const { options, plan, position, observer } = setup;
  const startMs = performance.now();
  const warmupSteps = countWarmupSteps(plan.totalSteps, options.warmup);
  // Where time ends a run, its learning rate falls by whichever of steps and time is farther on.
  const reached = Math.max(position.step, shareOfTime(setup) * plan.totalSteps);
  const factor = learningRateFactor(options.schedule, reached, warmupSteps, plan.totalSteps);
  const learningRate = (position.steered.learningRate ?? options.learningRate) * factor;
  setup.course?.beforeUpdate?.(position.step + 1);
  const { loss, accuracy, penalty } = withinMemory(setup, batches, () =>
    accumulateGradients(setup, batches, position.step),
  );
  const at = { step: position.step + 1, loss, penalty };
  const gradientNorm = applyUpdate(setup, setup.optimizer, learningRate, at);
  position.step++;
  const stepMs = performance.now() - startMs;
  position.elapsedMs += stepMs;
  const rows = batches.flat();
  const tokens = rows.reduce((sum, example) => sum + example.ids.length, 0);
  position.tokens += tokens;
  observer.stepped({
    step: position.step,
    epoch: position.step / plan.stepsPerEpoch,
    rows: rows.length,
    tokens,
    totalTokens: position.tokens,
    stepMs,
    elapsedMs: position.elapsedMs,
    metrics: {
      loss,
      learningRate,
      gradientNorm,
      ...(accuracy === null ? {} : { accuracy }),
      ...(penalty === null ? {} : { penalty }),
      ...setup.course?.metrics?.(),
    },
  });
}

/** Makes the changes asked for, and measures and saves where that was asked. */
async function followRequests(setup: LoopSetup, yieldNow: () => Promise<void>): Promise<void> {
  const due = takeSteering(setup, setup.control);
  const { position } = setup;
  const measured = position.evaluatedStep === position.step || !canMeasure(setup);
  if (due.evaluation && !measured) await measure(setup, yieldNow);
  if (due.evaluation) await takeSamples(setup, yieldNow);
  if (due.checkpoint) position.asked = [...new Set([...position.asked, position.step])];
  if (due.evaluation || due.checkpoint) await saveCheckpoint(setup);
}

/** Stands still until a person goes on; what was done is saved first. */
async function pause(setup: LoopSetup, yieldNow: () => Promise<void>): Promise<void> {
  const { observer, position, control } = setup;
  await saveCheckpoint(setup);
  observer.tell({ event: 'paused', step: position.step });
  while (control.pauseRequested && !control.stopRequested) {
    await control.untilCalled();
    await followRequests(setup, yieldNow);
  }
  if (!control.stopRequested) observer.tell({ event: 'resumed', step: position.step });
}

/**
 * Trains from the setup's position to the end, to a stop, or to the evaluation where patience runs out. Messages to
 * this process are seen between steps.
 */
export async function trainLoop(setup: LoopSetup): Promise<'completed' | 'stopped'> {
  const { position, options, control } = setup;
  const yieldNow = createYielder();
  const batchesOf = createSampler(setup);
  let savedStep = position.step;
  for (;;) {
    await yieldNow();
    await followRequests(setup, yieldNow);
    let evaluated = false;
    if (canMeasure(setup) && evaluationDue(setup) && position.evaluatedStep !== position.step) {
      evaluated = await measure(setup, yieldNow);
    }
    await takeSamples(setup, yieldNow);
    if (evaluated || (checkpointDue(setup) && savedStep !== position.step)) {
      await saveCheckpoint(setup);
      savedStep = position.step;
    }
    const { earlyStoppingPatience: patience } = options;
    const outOfPatience = patience > 0 && position.evaluationsWithoutGain >= patience;
    if (position.step >= setup.plan.totalSteps || outOfPatience) return 'completed';
    if (shareOfTime(setup) >= 1) {
      if (canMeasure(setup) && position.evaluatedStep !== position.step) await measure(setup, yieldNow);
      await takeSamples(setup, yieldNow);
      if (savedStep !== position.step) await saveCheckpoint(setup);
      return 'completed';
    }
    if (control.pauseRequested && !control.stopRequested) {
      await pause(setup, yieldNow);
      // What was asked for meanwhile may have ended the run.
      continue;
    }
    if (control.stopRequested) {
      await saveCheckpoint(setup);
      return 'stopped';
    }
    await setup.course?.prepareUpdate?.(position.step + 1, toolsFor(setup, yieldNow));
    // What was asked for meanwhile comes first.
    if (control.stopRequested) continue;
    trainStep(setup, batchesOf(position.step));
  }
}
