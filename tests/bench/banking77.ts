import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { RunEventBody } from '../../src-main/contract/events.ts';
import { namedStream, shuffledOrder } from '../../src-main/engine/data/random.ts';
import { createTrainingControl, runTraining } from '../../src-main/engine/index.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';

/**
 * LoRA on Banking77 with this engine, one run in one process; the settings are those of tests/reference/banking77.py.
 * Prints one JSON line: accuracy, seconds of training, rows per second, peak memory in bytes.
 */
const { values: flags } = parseArgs({
  options: {
    model: { type: 'string' },
    data: { type: 'string' },
    seed: { type: 'string', default: '0' },
    precision: { type: 'string', default: 'float32' },
    epochs: { type: 'string', default: '1' },
    limit: { type: 'string', default: '0' },
  },
});
if (flags.model === undefined || flags.data === undefined) throw new Error('--model and --data are needed.');

const rowsSchema = z.array(z.object({ text: z.string(), category: z.string() }));
function readRows(path: string, split: 'train' | 'test') {
  const rows: unknown = parse(readFileSync(path, 'utf8'), { columns: true });
  return rowsSchema.parse(rows).map(({ text, category }) => ({ split, text, label: category }));
}

const seed = Number(flags.seed);
const limit = Number(flags.limit);
const all = readRows(join(flags.data, 'banking77-train.csv'), 'train');
const test = readRows(join(flags.data, 'banking77-test.csv'), 'test');
const chosen = Array.from(shuffledOrder(all.length, namedStream(seed, 'limit'))).slice(0, limit);
const train = limit === 0 ? all : chosen.flatMap((index) => all[index] ?? []);

const folder = mkdtempSync(join(tmpdir(), 'tunebench-bench-'));
try {
  const dataFile = join(folder, 'data.jsonl');
  writeFileSync(dataFile, [...train, ...test].map((row) => JSON.stringify(row)).join('\n'));
  let finished: Extract<RunEventBody, { event: 'finished' }> | undefined;
  let trainingMs = 0;
  await runTraining({
    job: {
      runId: 'bench',
      config: {
        modelId: 'bench',
        datasetId: 'banking77',
        task: 'classification',
        objective: { maximumLength: 128 },
        method: { id: 'lora', options: { rank: 8, alpha: 16, dropout: 0, targets: ['query', 'value'] } },
        training: {
          learningRate: 2e-3,
          epochs: Number(flags.epochs),
          batchSize: 32,
          warmup: 0.06,
          schedule: 'linear',
          precision: flags.precision,
          checkpointEverySteps: 0,
          seed,
        },
      },
      modelFolder: flags.model,
      dataFile,
      runFolder: join(folder, 'run'),
      resume: false,
    },
    backend: await loadTestBackend(),
    files: createEngineFiles(),
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
  console.log(
    JSON.stringify({
      accuracy: finished.metrics['test']?.['accuracy'],
      seconds: trainingMs / 1000,
      rowsPerSecond: finished.rowsPerSecond,
      peakMemoryBytes: finished.peakMemoryBytes,
      trainableParameters: finished.trainableParameters,
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
