import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTraining } from '../../src-main/engine/index.ts';
import { collectLabels } from '../../src-main/engine/train/check.ts';
import { readRows } from '../../src-main/engine/data/rows.ts';
import { planEpoch } from '../../src-main/engine/data/batching.ts';
import { loadTokenizer } from '../../src-main/engine/data/tokenizer.ts';
import { writeModelFiles } from '../../src-main/engine/formats/modelFolder.ts';
import { tensorToWrite } from '../../src-main/engine/formats/parameterTensors.ts';
import { writeAdapterFiles } from '../../src-main/engine/formats/peftAdapter.ts';
import { writeSafetensors } from '../../src-main/engine/formats/safetensors.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import { prepareData } from '../../src-main/engine/train/prepare.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { loadBenchBackend } from './benchBackend.ts';
import { rowsOf } from './data.ts';
import { countOperations } from './flops.ts';
import { type BenchPlan, jobOf, placesOf, readPlan } from './plan.ts';
import { writeRandomModel } from './randomModel.ts';

/**
 * Lays out what both sides begin with: model folder, data, and the start: initial weights, token ids, and the order of
 * rows. Initial values and order move the outcome by several points either way, so two programs can only be compared
 * from the same ones. Usage: `prepare.ts plan.json`
 */
const files = createEngineFiles();

/** A copy of the model that draws nothing at random, so that both sides compute the same losses. */
function copyWithoutDropout(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isFile()) copyFileSync(join(from, entry.name), join(to, entry.name));
  }
  const config: object = JSON.parse(readFileSync(join(from, 'config.json'), 'utf8'));
  const without = { ...config, hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 };
  writeFileSync(join(to, 'config.json'), JSON.stringify(without, null, 2));
}

function writeModel({ model, seed }: BenchPlan, folder: string): void {
  if (model.kind === 'random') writeRandomModel(model, folder, seed);
  else if (!model.dropout) copyWithoutDropout(model.folder, folder);
}

/** The rows of every update, in micro-batches, as indices of examples. */
function orderOf({ batchSize, accumulation, seed }: BenchPlan, count: number, totalSteps: number) {
  const steps: number[][][] = [];
  for (let epoch = 0; steps.length < totalSteps; epoch++) {
    const batches = planEpoch({ count, batchSize, seed, epoch });
    for (let from = 0; from < batches.length && steps.length < totalSteps; from += accumulation) {
      steps.push(batches.slice(from, from + accumulation));
    }
  }
  return steps;
}

async function writeStart(plan: BenchPlan, startMethod: BenchPlan['method'], folder: string): Promise<void> {
  const job = jobOf(plan, startMethod, 'float32');
  const rows = readRows(files, job.dataFile);
  const labels = collectLabels(job.config, Object.values(rows).flat());
  const { checked, forecast } = checkTraining(files, {
    config: job.config,
    modelFolder: job.modelFolder,
    datasetName: plan.data.kind,
    rows: { train: rows.train.length, validation: rows.validation.length, test: rows.test.length },
    labelCount: labels.length,
  });
  if (checked === null) throw new Error(forecast.problems.map(({ message }) => message).join('\n'));
  const tokenizer = loadTokenizer(files, job.modelFolder);
  const options = checked.objectiveOptions;
  const objective = checked.objective.open({ tokenizer, labels, options, trainRows: rows.train });
  const { examples } = prepareData(rows, objective, checked);
  const backend = await loadBenchBackend();
  const halves = plan.model.kind === 'random' && plan.model.type === 'BF16';
  const model = loadModel({
    files,
    folder: job.modelFolder,
    backend,
    task: plan.task,
    labels,
    seed: plan.seed,
    weightType: halves ? 'bfloat16' : 'float32',
  });
  const attached = checked.method.attach(model, checked.methodOptions, plan.seed, {
    tokenize: (text) => tokenizer.encode(text).ids,
    length: checked.plan,
  });
  const operations = countOperations(model, attached, 1 / Math.max(1, plan.epochs));
  const start = {
    labels: labels.length,
    padId: tokenizer.padId,
    examples: examples.train.map(({ ids, target }) => ({ ids, target })),
    test: examples.test.map(({ ids, target }) => ({ ids, target })),
    operations: examples.train.map(operations),
    steps: orderOf(plan, examples.train.length, checked.plan.totalSteps),
    isAdapter: attached.adapter !== null,
    trainable: attached.trainable.map(({ name }) => name),
  };
  const { adapter } = attached;
  files.writeFolder(folder, (file) => {
    if (adapter === null) writeModelFiles(files, model, file);
    else writeAdapterFiles(model, adapter, { baseModel: model.folder }, file);
    // An adapter file holds what a network made; both sides begin at what is trained.
    const trained = attached.trainable.map((parameter) => tensorToWrite(parameter.name, parameter));
    writeSafetensors(file('trainable.safetensors'), trained);
    file('start.json').write(Buffer.from(JSON.stringify(start)));
  });
}

const [path = ''] = process.argv.slice(2);
const plan = readPlan(path);
const places = placesOf(plan);
mkdirSync(plan.workFolder, { recursive: true });
writeModel(plan, places.model);
const rows = rowsOf(plan.data, plan.seed);
writeFileSync(places.data, rows.map((row) => JSON.stringify(row)).join('\n'));
if (plan.startMethod !== null) await writeStart(plan, plan.startMethod, places.start);
