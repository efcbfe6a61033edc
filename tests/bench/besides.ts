import { tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkTraining } from '../../src-main/engine/index.ts';
import { scope } from '../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../src-main/engine/autodiff/tape.ts';
import { planEpoch } from '../../src-main/engine/data/batching.ts';
import { collate } from '../../src-main/engine/data/collate.ts';
import { readRows } from '../../src-main/engine/data/rows.ts';
import { loadTokenizer } from '../../src-main/engine/data/tokenizer.ts';
import { writeTrainingState } from '../../src-main/engine/formats/trainingState.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import { AdamW } from '../../src-main/engine/optim/adamw.ts';
import { evaluationPass } from '../../src-main/engine/models/model.ts';
import { prepareData } from '../../src-main/engine/train/prepare.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { loadBenchBackend } from './benchBackend.ts';
import { jobOf, readPlan } from './plan.ts';

/**
 * What a run does besides computing: making tokens of the rows, laying out batches, writing a checkpoint.
 * Usage: `besides.ts plan.json`, a prepared plan. Prints one JSON line.
 */
const files = createEngineFiles();
const plan = readPlan(process.argv[2] ?? '');
const job = jobOf(plan, plan.method, 'float32');

function timed<Result>(body: () => Result): { result: Result; milliseconds: number } {
  const startMs = performance.now();
  const result = body();
  return { result, milliseconds: performance.now() - startMs };
}

const rows = readRows(files, job.dataFile);
const labels = [...new Set(rows.train.flatMap(({ label }) => label ?? []))].sort();
const { checked } = checkTraining(files, {
  config: job.config,
  modelFolder: job.modelFolder,
  datasetName: plan.data.kind,
  rows: { train: rows.train.length, validation: 0, test: rows.test.length },
  labelCount: labels.length,
});
if (checked === null) throw new Error('The plan cannot be run.');
const tokenizer = loadTokenizer(files, job.modelFolder);
const options = checked.objectiveOptions;
const objective = checked.objective.open({ tokenizer, labels, options, trainRows: rows.train });
const tokenising = timed(() => prepareData(rows, objective, checked).examples.train);
const examples = tokenising.result;

const backend = await loadBenchBackend();
const place = { backend, padId: tokenizer.padId, packs: true };
const batches = planEpoch({ count: examples.length, batchSize: plan.batchSize, seed: 0, epoch: 0 });
const collating = timed(() => {
  for (const indices of batches)
    scope(
      () =>
        void collate(
          place,
          indices.flatMap((index) => examples[index] ?? []),
        ),
    );
});

const { modelFolder } = job;
const model = loadModel({ files, folder: modelFolder, backend, task: plan.task, labels, seed: 0 });
const { trainable } = checked.method.attach(model, checked.methodOptions, 0);
const optimizer = new AdamW(trainable, { weightDecay: 0 });
scope(() => {
  const first = examples.slice(0, plan.batchSize);
  backpropagate(trainable, () => objective.measure(model, first, place, evaluationPass).loss);
});
optimizer.step(1e-5);
const folder = mkdtempSync(join(tmpdir(), 'tunebench-besides-'));
const writing = timed(() =>
  writeTrainingState(files, join(folder, 'step'), { position: {}, parameters: trainable, optimizer }),
);
rmSync(folder, { recursive: true });
process.stdout.write(
  `${JSON.stringify({
    rows: examples.length,
    tokenisingMs: tokenising.milliseconds,
    collatingMs: collating.milliseconds / batches.length,
    checkpointMs: writing.milliseconds,
    checkpointBytes: writing.result,
  })}\n`,
);
