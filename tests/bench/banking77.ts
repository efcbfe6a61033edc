import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { RunEventBody } from '../../src-main/contract/events.ts';
import type { TrainJob } from '../../src-main/contract/worker.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { planEpoch } from '../../src-main/engine/data/batching.ts';
import { writeAdapterFiles } from '../../src-main/engine/formats/peftAdapter.ts';
import { createTrainingControl, runTraining } from '../../src-main/engine/index.ts';
import { loraSpec } from '../../src-main/engine/methods/lora/spec.ts';
import { lora } from '../../src-main/engine/methods/lora/attach.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import { checkOptions } from '../../src-main/contract/options.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';

/**
 * LoRA on Banking77 with this engine, one run in one process; the settings are those of tests/reference/banking77.py.
 * Prints one JSON line: accuracy, seconds of training, rows per second, peak memory in bytes. With `--export DIR` it
 * only writes there where the run would begin, its initial adapter and the order of rows, for the reference's `--start`.
 */
const { values: flags } = parseArgs({
  options: {
    model: { type: 'string' },
    data: { type: 'string' },
    seed: { type: 'string', default: '0' },
    precision: { type: 'string', default: 'float32' },
    epochs: { type: 'string', default: '1' },
    limit: { type: 'string', default: '0' },
    export: { type: 'string' },
  },
});
if (flags.model === undefined || flags.data === undefined) throw new Error('--model and --data are needed.');

const modelFolder = flags.model;
const seed = Number(flags.seed);
const epochs = Number(flags.epochs);
const batchSize = 32;
const loraOptions = { rank: 8, alpha: 16, dropout: 0, targets: ['query', 'value'] };
const files = createEngineFiles();

const rowsSchema = z.array(z.object({ text: z.string(), category: z.string() }));
function readRows(folder: string, split: 'train' | 'test') {
  const rows: unknown = parse(readFileSync(join(folder, `banking77-${split}.csv`), 'utf8'), {
    columns: true,
  });
  return rowsSchema.parse(rows).map(({ text, category }) => ({ split, text, label: category }));
}

const all = readRows(flags.data, 'train');
const test = readRows(flags.data, 'test');
/** Every n-th row where only some are wanted: the file is sorted by category. */
const limit = Number(flags.limit);
const chosen = all
  .map((_, index) => index)
  .filter((index) => limit === 0 || (index * limit) % all.length < limit);
const train = chosen.flatMap((index) => all[index] ?? []);

function exportStart(backend: Backend, folder: string): void {
  const labels = [...new Set([...train, ...test].map((row) => row.label))].sort();
  const model = loadModel({ files, folder: modelFolder, backend, task: 'classification', labels, seed });
  const options = checkOptions(loraSpec.options, loraOptions, 'options').values;
  const { adapter } = lora.attach(model, options, seed);
  if (adapter === null) throw new Error('LoRA makes an adapter.');
  const orders = Array.from({ length: epochs }, (_, epoch) =>
    planEpoch({ count: train.length, batchSize, seed, epoch }).flatMap((batch) =>
      batch.map((index) => chosen[index]),
    ),
  );
  files.writeFolder(folder, (file) => {
    writeAdapterFiles(model, adapter, { baseModel: modelFolder }, file);
    file('order.json').write(Buffer.from(JSON.stringify(orders)));
  });
}

async function measure(backend: Backend, folder: string): Promise<object> {
  const dataFile = join(folder, 'data.jsonl');
  writeFileSync(dataFile, [...train, ...test].map((row) => JSON.stringify(row)).join('\n'));
  const job: TrainJob = {
    runId: 'bench',
    config: {
      modelId: 'bench',
      datasetId: 'banking77',
      task: 'classification',
      objective: { maximumLength: 128 },
      method: { id: 'lora', options: loraOptions },
      training: {
        learningRate: 2e-3,
        epochs,
        batchSize,
        warmup: 0.06,
        schedule: 'linear',
        precision: flags.precision,
        checkpointEverySteps: 0,
        seed,
      },
    },
    modelFolder,
    dataFile,
    runFolder: join(folder, 'run'),
    resume: false,
  };
  let finished: Extract<RunEventBody, { event: 'finished' }> | undefined;
  let trainingMs = 0;
  await runTraining({
    job,
    backend,
    files,
    control: createTrainingControl(),
    memory: {
      currentBytes: () => process.memoryUsage.rss(),
      peakBytes: () => process.resourceUsage().maxRSS * 1024,
    },
    emit(event) {
      if (event.event === 'stepped') trainingMs = event.elapsedMs;
      if (event.event === 'finished') finished = event;
    },
  });
  if (finished === undefined) throw new Error('The run did not finish.');
  return {
    accuracy: finished.metrics['test']?.['accuracy'],
    seconds: trainingMs / 1000,
    rowsPerSecond: finished.rowsPerSecond,
    peakMemoryBytes: finished.peakMemoryBytes,
    trainableParameters: finished.trainableParameters,
  };
}

const backend = await loadTestBackend();
if (flags.export !== undefined) exportStart(backend, flags.export);
else {
  const folder = mkdtempSync(join(tmpdir(), 'tunebench-bench-'));
  try {
    console.log(JSON.stringify(await measure(backend, folder)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
