import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { problemsFromError } from '../../../../src-main/contract/errors/index.ts';
import type { RunEventBody } from '../../../../src-main/contract/events.ts';
import type { RunConfig } from '../../../../src-main/contract/runs.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { namedStream, shuffledOrder } from '../../../../src-main/engine/data/random.ts';
import { createTrainingControl, runTraining } from '../../../../src-main/engine/index.ts';
import { createEngineFiles } from '../../../../src-main/platform/engineFiles.ts';
import { loadTestBackend } from '../../engine/testBackend.ts';
import { type CurveCase, curveCases } from './cases.ts';

/**
 * Trains every case of cases.ts and writes its curves to `curves/<name>.json`, numbers only: the coach's test reads them.
 * Flags: `--model DIR` (all-MiniLM-L6-v2), `--data DIR` (with banking77-train.csv and banking77-test.csv), `--only NAME`.
 */
const { values: flags } = parseArgs({
  options: { model: { type: 'string' }, data: { type: 'string' }, only: { type: 'string' } },
});
if (flags.model === undefined || flags.data === undefined) throw new Error('--model and --data are needed.');

interface Row {
  readonly text: string;
  readonly label: string;
}
type Material = { readonly modelFolder: string; readonly train: Row[]; readonly validation: Row[] };

const root = new URL('../../../../', import.meta.url).pathname;
const rowsSchema = z.array(z.record(z.string(), z.string()));

function readRows(path: string, label: string): Row[] {
  const parsed: unknown = parse(readFileSync(path, 'utf8'), { columns: true });
  return rowsSchema.parse(parsed).map((row) => ({ text: row['text'] ?? '', label: row[label] ?? '' }));
}

/** Few enough classes that a run takes seconds. */
function firstClasses(rows: readonly Row[], count: number): Row[] {
  const kept = [...new Set(rows.map(({ label }) => label))].sort().slice(0, count);
  return rows.filter(({ label }) => kept.includes(label));
}

function shuffled(rows: readonly Row[]): Row[] {
  return Array.from(shuffledOrder(rows.length, namedStream(7, 'coach'))).flatMap(
    (index) => rows[index] ?? [],
  );
}

const household = shuffled(
  readRows(join(root, 'resources/samples/datasets/household-requests.csv'), 'label'),
);
const materials: Record<CurveCase['material'], Material> = {
  sample: {
    modelFolder: join(root, 'resources/samples/models/tiny-encoder'),
    train: household.slice(200),
    validation: household.slice(0, 200),
  },
  minilm: {
    modelFolder: flags.model,
    train: shuffled(firstClasses(readRows(join(flags.data, 'banking77-train.csv'), 'category'), 8)),
    validation: shuffled(firstClasses(readRows(join(flags.data, 'banking77-test.csv'), 'category'), 8)).slice(
      0,
      240,
    ),
  },
};

/** The rows as the case wants them: fewer, a rare class, wrong labels. */
function chooseRows(rows: readonly Row[], { rowsPerClass = 90, rareRows, noise = 0 }: CurveCase): Row[] {
  const labels = [...new Set(rows.map(({ label }) => label))].sort();
  const taken = new Map<string, number>();
  const random = namedStream(11, 'noise');
  return rows.flatMap((row, index) => {
    const count = taken.get(row.label) ?? 0;
    const limit = rareRows !== undefined && row.label === labels[0] ? rareRows : rowsPerClass;
    if (count >= limit) return [];
    taken.set(row.label, count + 1);
    if (random.uniform(2 * index) >= noise) return [row];
    return [{ ...row, label: labels[random.integer(2 * index + 1, labels.length)] ?? row.label }];
  });
}

async function record(curve: CurveCase, backend: Backend): Promise<object> {
  const material = materials[curve.material];
  const train = chooseRows(material.train, curve);
  const folder = mkdtempSync(join(tmpdir(), 'tunebench-coach-'));
  const rows = [
    ...train.map((row) => ({ split: 'train', ...row })),
    ...material.validation.map((row) => ({ split: 'validation', ...row })),
  ];
  writeFileSync(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  const config: RunConfig = {
    modelId: curve.material,
    datasetId: curve.name,
    task: 'classification',
    objective: { maximumLength: 64 },
    method: { id: curve.method.id, options: curve.method.options ?? {} },
    training: { ...curve.training },
  };
  const events: RunEventBody[] = [];
  try {
    await runTraining({
      job: {
        runId: curve.name,
        config,
        modelFolder: material.modelFolder,
        dataFile: join(folder, 'rows.jsonl'),
        runFolder: join(folder, 'run'),
        resume: false,
      },
      backend,
      files: createEngineFiles(),
      control: createTrainingControl(),
      memory: {
        currentBytes: () => process.memoryUsage.rss(),
        peakBytes: () => process.resourceUsage().maxRSS * 1024,
      },
      emit: (event) => events.push(event),
    });
  } catch (error) {
    events.push({ event: 'failed', problems: [...problemsFromError(error)] });
  } finally {
    rmSync(folder, { recursive: true });
  }
  return evidenceOf(curve, config, train.length, events);
}

/** Five digits tell as much as all of them. */
function round(value: number): number {
  return Number(value.toPrecision(5));
}

function evidenceOf(curve: CurveCase, config: RunConfig, trainRows: number, events: readonly RunEventBody[]) {
  const steps = events.filter((event) => event.event === 'stepped');
  const evaluations = events.filter((event) => event.event === 'evaluated' && event.split === 'validation');
  const pointsOf = (name: string) =>
    steps.flatMap(({ step, metrics }) => (name in metrics ? [[step, round(metrics[name] ?? 0)]] : []));
  const measured = (name: string) =>
    evaluations.flatMap((event) =>
      event.event === 'evaluated' && name in event.metrics
        ? [[event.step, round(event.metrics[name] ?? 0)]]
        : [],
    );
  const last = evaluations.at(-1);
  const failed = events.find((event) => event.event === 'failed');
  return {
    name: curve.name,
    cause: curve.cause,
    methodId: config.method.id,
    training: config.training,
    trainRows,
    totalSteps: steps.at(-1)?.totalSteps ?? 0,
    stepsPerEpoch: Math.ceil(trainRows / Number(config.training['batchSize'])),
    failure: failed?.event === 'failed' ? (failed.problems[0]?.code ?? null) : null,
    series: {
      'train.loss': pointsOf('loss'),
      'train.gradientNorm': pointsOf('gradientNorm'),
      'validation.loss': measured('loss'),
      'validation.accuracy': measured('accuracy'),
    },
    confusion: last?.event === 'evaluated' ? (last.confusion?.counts ?? null) : null,
  };
}

const backend = await loadTestBackend();
for (const curve of curveCases) {
  if (flags.only !== undefined && !curve.name.startsWith(flags.only)) continue;
  const evidence = await record(curve, backend);
  writeFileSync(new URL(`curves/${curve.name}.json`, import.meta.url), `${JSON.stringify(evidence)}\n`);
  console.log(curve.name);
}
