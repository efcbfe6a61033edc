import {
  type Problem,
  TunebenchError,
  describeProblem,
  errorFromProblems,
  problemsFromError,
} from '../../contract/errors/index.ts';
import type { RunEventBody } from '../../contract/events.ts';
import type { Metrics } from '../../contract/runs.ts';
import type { TrainJob } from '../../contract/worker.ts';
import type { Backend } from '../backend/backend.ts';
import { planEpoch, planEvaluation } from '../data/batching.ts';
import type { DataRow, Example } from '../data/examples.ts';
import { hashFile, readRows } from '../data/rows.ts';
import { loadTokenizer } from '../data/tokenizer.ts';
import type { EngineFiles } from '../files.ts';
import { type AdapterStack, loadAdapterStack } from '../formats/adapterStack.ts';
import type { Attached } from '../methods/method.ts';
import { loadModel } from '../models/load.ts';
import type { Model } from '../models/model.ts';
import type { OpenObjective } from '../objectives/objective.ts';
import { AdamW } from '../optim/adamw.ts';
import { type CheckedTraining, checkTraining, collectLabels } from './check.ts';
import { Checkpoints } from './checkpoints.ts';
import { createYielder, type TrainingControl } from './control.ts';
import { evaluate } from './evaluate.ts';
import { FrozenPrefix } from './frozenPrefix.ts';
import { type LoopSetup, evaluationBatchSize, evaluationSetup, trainLoop } from './loop.ts';
import { type MemoryProbe, Observer } from './observer.ts';
import { type TrainingPosition, startPosition } from './position.ts';
import { planTraining } from './plan.ts';
import { type PreparedData, prepareData } from './prepare.ts';
import { referExamples } from './references.ts';
import { rehearse } from './rehearsal.ts';
import { followSteering } from './steering.ts';
import { writeResult } from './result.ts';
import { type ChosenWeightForm, weightFormOf } from './weightForm.ts';
import { createFileStore, createMemoryStore } from './rowStore.ts';

export interface TrainingRequest {
  readonly job: TrainJob;
  readonly backend: Backend;
  readonly files: EngineFiles;
  readonly control: TrainingControl;
  readonly memory: MemoryProbe;
  readonly emit: (event: RunEventBody) => void;
}

export type TrainingOutcome = 'completed' | 'stopped' | 'interrupted';

/** What is known before any weight is loaded. */
interface Opening {
  readonly request: TrainingRequest;
  readonly checked: CheckedTraining;
  readonly labels: readonly string[];
  readonly objective: OpenObjective;
  readonly data: PreparedData;
  readonly padId: number;
  readonly tokenize: (text: string) => readonly number[];
  readonly position: TrainingPosition;
  readonly checkpoints: Checkpoints;
  readonly resumedFromStep: number | null;
  readonly observer: Observer;
}

/** The same text for the same settings, in whatever order they stand. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** The newest checkpoint when the run is to go on; otherwise the start, with no checkpoints left over. */
async function findPosition(request: TrainingRequest, checked: CheckedTraining, checkpoints: Checkpoints) {
  const { job, files } = request;
  const dataHash = await hashFile(files, job.dataFile);
  const { name: _name, ...deciding } = checked.config;
  const configText = canonicalText(deciding);
  const found = job.resume ? checkpoints.findNewest() : null;
  if (found === null) {
    checkpoints.removeAll();
    return { position: startPosition(dataHash, configText), resumedFromStep: null };
  }
  const mismatch = (what: string) =>
    new TunebenchError('run.checkpointMismatch', { folder: job.runFolder, what });
  if (found.position.dataHash !== dataHash) throw mismatch('dataset');
  if (found.position.configText !== configText) throw mismatch('configuration');
  return { position: found.position, resumedFromStep: found.step };
}

/** Checks the job whole and reads its data; throws every problem at once. */
async function open(request: TrainingRequest): Promise<Opening> {
  const { job, files, emit, memory } = request;
  const rows = readRows(files, job.dataFile);
  const collect = (some: readonly DataRow[]) => collectLabels(job.config, some);
  const labels = collect(Object.values(rows).flat());
  const { forecast, checked: runnable } = checkTraining(files, {
    config: job.config,
    modelFolder: job.modelFolder,
    datasetName: job.config.datasetId,
    rows: { train: rows.train.length, validation: rows.validation.length, test: rows.test.length },
    labelCount: collect(rows.train).length,
  });
  if (runnable === null) throw errorFromProblems(forecast.problems);
  const tokenizer = loadTokenizer(files, job.modelFolder);
  const objective = runnable.objective.open({
    tokenizer,
    labels,
    options: runnable.objectiveOptions,
    trainRows: rows.train,
  });
  const data = prepareData(rows, objective, runnable);
  // Rows and examples need not be as many: rows without use are left out, long ones may become several examples.
  const plan = planTraining(data.examples.train.length, runnable.training);
  const checked: CheckedTraining = { ...runnable, plan };
  const folder = files.join(job.runFolder, 'checkpoints');
  const checkpoints = new Checkpoints(files, folder, checked.training.keepCheckpoints);
  const { position, resumedFromStep } = await findPosition(request, checked, checkpoints);
  const observer = new Observer(emit, memory);
  const { padId } = tokenizer;
  const tokenize = (text: string) => tokenizer.encode(text).ids;
  const known = { request, checked, labels, objective, data, padId, tokenize };
  return { ...known, position, checkpoints, resumedFromStep, observer };
}

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
  const { request, checked, data, padId } = opening;
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
    place: { backend, padId, packs: canPack(opening, model) },
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
): LoopSetup {
  const { request, checked, objective, data, padId, position, checkpoints, observer } = opening;
  const { training, plan } = checked;
  const { backend, control } = request;
  const stored = [...attached.trainable, ...(attached.course?.state ?? [])];
  if (opening.resumedFromStep !== null) {
    checkpoints.restore(opening.resumedFromStep, backend, stored, optimizer);
  }
  const setup: LoopSetup = {
    model,
    objective,
    decidingMetric: checked.objective.spec.decidingMetric,
    place: { backend, padId, prefixes, packs: canPack(opening, model) },
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
    observer,
    control,
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

/** Takes the best weights, measures the test rows with them, and writes the result. */
async function finish(
  opening: Opening,
  setup: LoopSetup,
  attached: Attached,
  outcome: 'completed' | 'stopped',
  startMs: number,
): Promise<TrainingOutcome> {
  const { request, checked, observer, position, checkpoints } = opening;
  const { best } = position;
  if (best !== null && best.step !== position.step) {
    checkpoints.restoreWeights(best.step, request.backend, setup.stored);
  }
  const metrics: Record<string, Metrics> = {};
  if (observer.lastMetrics !== null) metrics['train'] = observer.lastMetrics;
  if (best !== null) metrics['validation'] = best.metrics;
  const { test } = setup.examples;
  if (outcome === 'completed' && test.length > 0) {
    const evaluation = await evaluate(evaluationSetup(setup, createYielder()), test);
    if (evaluation === null) outcome = 'stopped';
    else {
      metrics['test'] = evaluation.metrics;
      observer.tell({ event: 'evaluated', step: position.step, split: 'test', ...evaluation, best: false });
    }
  }
  const { files, job } = request;
  writeResult(files, files.join(job.runFolder, 'result'), setup.model, attached, checked);
  observer.tell({
    event: 'finished',
    outcome,
    metrics,
    step: position.step,
    rowsPerSecond: observer.rowsPerSecond,
    peakMemoryBytes: observer.peakMemoryBytes,
    trainableParameters: attached.trainable.reduce((sum, { size }) => sum + size, 0),
    elapsedMs: performance.now() - startMs,
  });
  return outcome;
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
  const { request, checked, objective, data, padId } = opening;
  const setup = {
    model,
    objective,
    place: { backend: request.backend, padId, packs: canPack(opening, model) },
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
  const model = loadModel({
    files,
    folder: job.modelFolder,
    backend,
    task: job.config.task,
    labels,
    seed: training.seed,
    ...chooseWeightForm(opening),
  });
  let stack: AdapterStack | null = null;
  let attached: Attached | null = null;
  let optimizer: AdamW | null = null;
  let prefixes: FrozenPrefix | null = null;
  try {
    const { tokenize } = opening;
    if (job.adapters?.length) stack = loadAdapterStack(files, job.adapters, model);
    const referred = { ...opening, data: { ...opening.data, examples: await referAll(opening, model) } };
    const attach = () =>
      method.attach(model, methodOptions, training.seed, { tokenize, length: checked.plan });
    attached = stack ? stack.attachAbove(attach) : attach();
    prefixes = openPrefix(referred, model, attached);
    const { rateFactors } = attached;
    optimizer = new AdamW(attached.trainable, { weightDecay: training.weightDecay, rateFactors });
    const setup = setUp(referred, model, attached, optimizer, prefixes);
    rehearse(setup);
    announce(referred, setup, attached);
    observer.begin(setup.plan.totalSteps);
    const outcome = await trainLoop(setup);
    return await finish(referred, setup, attached, outcome, startMs);
  } finally {
    prefixes?.dispose();
    optimizer?.dispose();
    attached?.detach();
    stack?.detach();
    model.dispose();
  }
}

/**
 * Runs a training job from its files to its result folder. A full disk at a checkpoint ends it as `interrupted`, to go
 * on from the checkpoint before; everything else that goes wrong is thrown.
 * @throws TunebenchError with every problem of the job
 */
export async function runTraining(request: TrainingRequest): Promise<TrainingOutcome> {
  const startMs = performance.now();
  const opening = await open(request);
  const { observer, resumedFromStep, data } = opening;
  observer.tell({ event: 'started', device: request.backend.device, resumedFromStep });
  for (const problem of data.notes) observer.tell({ event: 'noted', problem });
  try {
    return await trainModel(opening, startMs);
  } catch (error) {
    if (!(error instanceof TunebenchError) || error.code !== 'run.checkpointFailed') throw error;
    for (const problem of problemsFromError(error)) observer.tell({ event: 'interrupted', problem });
    return 'interrupted';
  }
}
