import {
  type Problem,
  TunebenchError,
  describeProblem,
  problemsFromError,
} from '../../contract/errors/index.ts';
import { planEpoch, planEvaluation } from '../data/batching.ts';
import type { Example } from '../data/examples.ts';
import { type AdapterStack, loadAdapterStack } from '../formats/adapterStack.ts';
import type { Attached } from '../methods/method.ts';
import { loadModel } from '../models/load.ts';
import type { Model } from '../models/model.ts';
import { AdamW } from '../optim/adamw.ts';
import { createYielder } from './control.ts';
import { finish } from './finish.ts';
import { FrozenPrefix } from './frozenPrefix.ts';
import { type LoopSetup, evaluationBatchSize, trainLoop } from './loop.ts';
import { type Opening, type TrainingRequest, openTraining } from './opening.ts';
import type { PreparedData } from './prepare.ts';
import { measureBefore, tellBefore, watchOf } from './before.ts';
import { referExamples } from './references.ts';
import { rehearse } from './rehearsal.ts';
import { followSteering } from './steering.ts';
import { type ChosenWeightForm, weightFormOf } from './weightForm.ts';
import type { Watch } from './watch.ts';
import { createFileStore, createMemoryStore } from './rowStore.ts';

export type { TrainingRequest } from './opening.ts';
export type TrainingOutcome = 'completed' | 'stopped' | 'interrupted';

/**
 * Whether rows are packed. By itself that happens where the kernels are, which pass over what a row does not see: composed
 * operations would compute it.
 */
function canPack({ request, checked }: Opening, model: Model): boolean {
  const { packing } = checked.training;
  const { prompt, keyValues } = model.hooks;
  if (packing === 'off' || !model.canPack || prompt !== null || keyValues !== null) return false;
  if (checked.method.rowsApart === true) return false;
  return packing === 'on' || Boolean(request.backend.fused);
}

/** Where the outputs of layers that are not trained are remembered, or null where they are computed each time. */
function openPrefix(opening: Opening, model: Model, { course }: Attached): FrozenPrefix | null {
  const { request, checked, data, tokenizer } = opening;
  const { training } = checked;
  // Examples that change every time they are shown leave nothing to remember.
  if (course?.reshapes === true || training.frozenLayers === 'again' || opening.objective.vary) return null;
  const { backend, files, job } = request;
  const path = files.join(job.runFolder, 'frozen-layers.tmp');
  const { train, validation } = data.examples;
  const pick = (examples: readonly Example[], batches: readonly (readonly number[])[]) =>
    batches.map((indices) => indices.flatMap((index) => examples[index] ?? []));
  const { batchSize, seed } = training;
  const lengths = validation.map(({ ids }) => ids.length);
  return new FrozenPrefix({
    model,
    place: { backend, padId: tokenizer.padId, packs: canPack(opening, model) },
    maximumTokens: training.passTokens,
    batches: [
      ...pick(train, planEpoch({ count: train.length, batchSize, seed, epoch: 0 })),
      ...pick(validation, planEvaluation(lengths, evaluationBatchSize(training))),
    ],
    store:
      training.frozenLayers === 'file'
        ? createFileStore(() => files.createScratch(path))
        : createMemoryStore(),
    budgetBytes: training.frozenLayersMegabytes * 1e6,
  });
}

/** Everything the loop needs; the model's weights are where the position says. */
function setUp(
  opening: Opening,
  model: Model,
  attached: Attached,
  optimizer: AdamW,
  prefixes: FrozenPrefix | null,
  watch: Watch | null,
): LoopSetup {
  const { request, checked, objective, data, tokenizer, questions, position, checkpoints, observer } =
    opening;
  const { training, plan } = checked;
  const { backend, control, files } = request;
  const stored = [...attached.trainable, ...(attached.course?.state ?? [])];
  if (opening.resumedFromStep !== null) {
    checkpoints.restore(opening.resumedFromStep, backend, stored, optimizer);
  }
  const setup: LoopSetup = {
    model,
    objective,
    decidingMetric: checked.objective.spec.decidingMetric,
    place: { backend, padId: tokenizer.padId, prefixes, packs: canPack(opening, model) },
    trainable: attached.trainable,
    course: attached.course,
    stored,
    seed: training.seed,
    maximumGradientNorm: training.maximumGradientNorm,
    maximumTokens: training.passTokens,
    recompute: training.recompute === 'on',
    optimizer,
    options: training,
    plan,
    script: request.job.steering ?? [],
    position,
    examples: data.examples,
    checkpoints,
    watch,
    questions,
    tokenizer,
    observer,
    control,
    files,
  };
  followSteering(setup);
  return setup;
}

function announce(opening: Opening, setup: LoopSetup, attached: Attached): void {
  const { observer, data, labels } = opening;
  const { parameters } = setup.model;
  const sizeOf = (list: Iterable<{ size: number }>) =>
    Array.from(list).reduce((sum, { size }) => sum + size, 0);
  observer.tell({
    event: 'prepared',
    trainableParameters: sizeOf(attached.trainable),
    totalParameters: sizeOf(parameters.values()) + sizeOf(attached.added.values()),
    totalSteps: setup.plan.totalSteps,
    trainRows: data.examples.train.length,
    labels: [...labels],
    memoryBytes: observer.measureMemory(),
  });
}

/** How the weights are held here; tells where 16 bits were asked for and cannot be had. */
function chooseWeightForm({ request, checked, observer }: Opening): ChosenWeightForm {
  const { training, method } = checked;
  const form = weightFormOf(method, training);
  const note = (problem: Problem) => observer.tell({ event: 'noted', problem });
  if (form.weightType !== training.precision) {
    note(describeProblem('run.halvesNotForMethod', { method: method.spec.name }));
  }
  if (request.backend.matrixTypes.includes(form.weightType)) return form;
  note(describeProblem('run.halvesNotHere'));
  return { ...form, weightType: 'float32' };
}

/** All examples with what their objective wants to know of the model before a method attaches. */
async function referAll(opening: Opening, model: Model): Promise<PreparedData['examples']> {
  const { request, checked, objective, data, tokenizer } = opening;
  const setup = {
    model,
    objective,
    place: { backend: request.backend, padId: tokenizer.padId, packs: canPack(opening, model) },
    batchSize: evaluationBatchSize(checked.training),
    maximumTokens: checked.training.passTokens,
    betweenBatches: createYielder(),
  };
  const { train, validation, test } = data.examples;
  return {
    train: await referExamples(setup, train),
    validation: await referExamples(setup, validation),
    test: await referExamples(setup, test),
  };
}

async function trainModel(opening: Opening, startMs: number): Promise<TrainingOutcome> {
  const { request, checked, labels, observer } = opening;
  const { files, backend, job } = request;
  const { training, method, methodOptions } = checked;
  const form = chooseWeightForm(opening);
  const model = loadModel({
    files,
    folder: job.modelFolder,
    backend,
    task: job.config.task,
    labels,
    seed: training.seed,
    ...form,
  });
  let stack: AdapterStack | null = null;
  let attached: Attached | null = null;
  let optimizer: AdamW | null = null;
  let prefixes: FrozenPrefix | null = null;
  let watch: Watch | null = null;
  try {
    const tokenize = (text: string) => opening.tokenizer.encode(text).ids;
    if (job.adapters?.length) stack = loadAdapterStack(files, job.adapters, model);
    const referred = { ...opening, data: { ...opening.data, examples: await referAll(opening, model) } };
    watch = watchOf(opening, model, form);
    const found = await measureBefore(opening, watch);
    const attach = () =>
      method.attach(model, methodOptions, training.seed, { tokenize, length: checked.plan });
    attached = stack ? stack.attachAbove(attach) : attach();
    prefixes = openPrefix(referred, model, attached);
    const { rateFactors } = attached;
    optimizer = new AdamW(attached.trainable, { weightDecay: training.weightDecay, rateFactors });
    const setup = setUp(referred, model, attached, optimizer, prefixes, watch);
    rehearse(setup);
    announce(referred, setup, attached);
    tellBefore(opening, found);
    observer.begin(setup.plan.totalSteps);
    const outcome = await trainLoop(setup);
    return await finish(referred, setup, attached, outcome, startMs);
  } finally {
    watch?.dispose();
    prefixes?.dispose();
    optimizer?.dispose();
    attached?.detach();
    stack?.detach();
    model.dispose();
  }
}

/** What a run can go on from. */
const breaks: readonly string[] = ['run.checkpointFailed', 'run.endedWithoutRoom'];

/**
 * Runs a training job from its files to its result folder. On a full disk it stands still until there is room. A
 * checkpoint that cannot be written otherwise, and a run that is told to stop while it stands still, end as
 * `interrupted`, to go on from the checkpoint before; everything else that goes wrong is thrown.
 * @throws TunebenchError with every problem of the job
 */
export async function runTraining(request: TrainingRequest): Promise<TrainingOutcome> {
  const startMs = performance.now();
  const opening = await openTraining(request);
  const { observer, resumedFromStep, notes } = opening;
  observer.tell({ event: 'started', device: request.backend.device, resumedFromStep });
  for (const problem of notes) observer.tell({ event: 'noted', problem });
  try {
    return await trainModel(opening, startMs);
  } catch (error) {
    if (!(error instanceof TunebenchError) || !breaks.includes(error.code)) throw error;
    for (const problem of problemsFromError(error)) observer.tell({ event: 'interrupted', problem });
    return 'interrupted';
  }
}
