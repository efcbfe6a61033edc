import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
import { type CurveCase, type MaterialName, curveCases } from './cases.ts';

/**
 * Trains every case of cases.ts and writes its curves to `curves/<name>.json`, numbers only: the coach's test reads them.
 * Flags: `--model DIR` (all-MiniLM-L6-v2), `--data DIR` (with banking77-train.csv and banking77-test.csv), `--only NAME`.
 */
const { values: flags } = parseArgs({
  options: { model: { type: 'string' }, data: { type: 'string' }, only: { type: 'string' } },
});
if (flags.model === undefined || flags.data === undefined) throw new Error('--model and --data are needed.');

type Row = Readonly<Record<string, string>>;

interface Material {
  readonly task: 'classification' | 'causalLm';
  readonly modelFolder: string;
  readonly train: readonly Row[];
  readonly validation: readonly Row[];
  /** Texts that are measured but not learned from, and by which task. */
  readonly watch?: { readonly task: 'classification' | 'causalLm'; readonly rows: readonly Row[] };
}

const root = new URL('../../../../', import.meta.url).pathname;
const rowsSchema = z.array(z.record(z.string(), z.string()));

/** Rows of a CSV file under the names of their parts. */
function readRows(path: string, parts: Readonly<Record<string, string>>): Row[] {
  const parsed: unknown = parse(readFileSync(path, 'utf8'), { columns: true });
  return rowsSchema
    .parse(parsed)
    .map((row) =>
      Object.fromEntries(Object.entries(parts).map(([part, column]) => [part, row[column] ?? ''])),
    );
}

function labelsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.map(({ label = '' }) => label))].sort();
}

/** Few enough classes that a run takes seconds. */
function firstClasses(rows: readonly Row[], count: number): Row[] {
  const kept = labelsOf(rows).slice(0, count);
  return rows.filter(({ label = '' }) => kept.includes(label));
}

function shuffled(rows: readonly Row[]): Row[] {
  const order = Array.from(shuffledOrder(rows.length, namedStream(7, 'coach')));
  return order.map((index) => rows[index]).filter((row) => row !== undefined);
}

/** Sentences of this project's own pages, each with the one after it. */
function readOwnPages(): Row[] {
  const names = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).sort();
  const pages = names.filter((name) => name.endsWith('.md') && name !== 'coach.md');
  return pages.flatMap((name) => {
    const paragraphs = readFileSync(join(root, 'docs', name), 'utf8').split(/\n\n+/);
    const sentences = paragraphs
      .filter((paragraph) => /^[A-Z]/.test(paragraph))
      .flatMap((paragraph) => paragraph.replaceAll('\n', ' ').split(/(?<=\.) /))
      .filter((sentence) => sentence.length >= 30 && sentence.length <= 200);
    return sentences.slice(1).map((completion, place) => ({ prompt: sentences[place] ?? '', completion }));
  });
}

const data = flags.data;
const minilm = flags.model;
const texts = { text: 'text', label: 'category' };
const household = shuffled(
  readRows(join(root, 'resources/samples/datasets/household-requests.csv'), {
    text: 'text',
    label: 'label',
    language: 'language',
  }),
);
const banking = {
  train: shuffled(firstClasses(readRows(join(data, 'banking77-train.csv'), texts), 8)),
  validation: shuffled(firstClasses(readRows(join(data, 'banking77-test.csv'), texts), 8)).slice(0, 240),
};
const answers = shuffled(
  readRows(join(data, 'chatbot-ko.csv'), { prompt: 'Q', completion: 'A', label: 'label' }),
).map(({ prompt = '', completion = '', label = '' }) => ({ prompt, completion, label, text: prompt }));
const pages = shuffled(readOwnPages());
const samples = {
  encoder: 'resources/samples/models/tiny-encoder',
  decoder: 'resources/samples/models/tiny-decoder',
};
const english = { task: 'causalLm', rows: banking.validation.map(({ text = '' }) => ({ text })) } as const;

/** A whole model that knows eight classes, made for the runs that go on with it. */
async function trainClassifier(backend: Backend, folder: string): Promise<string> {
  const base: CurveCase = {
    name: 'classifier',
    cause: 'healthy',
    material: 'minilm',
    method: { id: 'full' },
    training: { learningRate: 2e-4, epochs: 4, batchSize: 16, seed: 0 },
  };
  await train(base, await materialOf('minilm', backend), backend, folder);
  return join(folder, 'run', 'result');
}

let classifier: Promise<string> | null = null;

async function materialOf(name: MaterialName, backend: Backend): Promise<Material> {
  const task = 'classification';
  const encoder = { task, modelFolder: join(root, samples.encoder) } as const;
  const decoder = { task: 'causalLm', modelFolder: join(root, samples.decoder), watch: english } as const;
  const inLanguage = (wanted: string) => household.filter(({ language }) => language === wanted);
  switch (name) {
    case 'sample':
      return { ...encoder, train: household.slice(200), validation: household.slice(0, 200) };
    case 'languages':
      return { ...encoder, train: inLanguage('en'), validation: inLanguage('ko').slice(0, 200) };
    case 'minilm':
      return { task, modelFolder: minilm, ...banking };
    case 'strange':
      return {
        task,
        modelFolder: minilm,
        train: answers.slice(200, 900).map(({ text, label }) => ({ text, label })),
        validation: answers.slice(0, 200).map(({ text, label }) => ({ text, label })),
      };
    case 'answers':
      return { ...decoder, train: answers.slice(200, 900), validation: answers.slice(0, 100) };
    case 'foreign':
      return { ...decoder, train: pages.slice(60, 760), validation: pages.slice(0, 60) };
    case 'continued': {
      classifier ??= trainClassifier(backend, mkdtempSync(join(tmpdir(), 'tunebench-classifier-')));
      const watch = { task, rows: banking.validation.slice(120) } as const;
      const validation = banking.validation.slice(0, 120);
      return { task, modelFolder: await classifier, train: banking.train, validation, watch };
    }
    default:
      return name satisfies never;
  }
}

/** The rows as the case wants them: fewer, of few classes, a rare class, wrong labels. */
function chooseRows(
  rows: readonly Row[],
  { rowsPerClass = 90, rareRows, noise = 0, classes }: CurveCase,
): Row[] {
  const labels = labelsOf(rows);
  const taken = new Map<string, number>();
  const random = namedStream(11, 'noise');
  const among = classes === undefined ? rows : firstClasses(rows, classes);
  return among.flatMap((row, index) => {
    const { label = '' } = row;
    const count = taken.get(label) ?? 0;
    const limit = rareRows !== undefined && label === labels[0] ? rareRows : rowsPerClass;
    if (count >= limit) return [];
    taken.set(label, count + 1);
    if (random.uniform(2 * index) >= noise) return [row];
    return [{ ...row, label: labels[random.integer(2 * index + 1, labels.length)] ?? label }];
  });
}

function writeRows(path: string, rows: readonly Row[]): string {
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  return path;
}

/** Trains a case in a folder of its own. */
async function train(curve: CurveCase, material: Material, backend: Backend, folder: string) {
  // Labels decide how many rows; a decoder has none.
  const rows = material.task === 'causalLm' ? material.train : chooseRows(material.train, curve);
  const { classes } = curve;
  // A head is made for all classes of the data: those that are not trained on stay among the held-out rows.
  const validation = classes === undefined ? material.validation : firstClasses(material.validation, classes);
  const others = classes === undefined ? [] : oneOfEach(material.train);
  const all = [
    ...rows.map((row) => ({ split: 'train', ...row })),
    ...validation.map((row) => ({ split: 'validation', ...row })),
    ...others.map((row) => ({ split: 'test', ...row })),
  ];
  const config: RunConfig = {
    modelId: curve.material,
    datasetId: curve.name,
    task: material.task,
    objective: { maximumLength: 64 },
    method: { id: curve.method.id, options: curve.method.options ?? {} },
    training: { ...curve.training },
  };
  const { watch } = material;
  const events: RunEventBody[] = [];
  try {
    await runTraining({
      job: {
        runId: curve.name,
        config,
        modelFolder: material.modelFolder,
        dataFile: writeRows(join(folder, 'rows.jsonl'), all),
        runFolder: join(folder, 'run'),
        resume: false,
        ...(watch && {
          watch: {
            task: watch.task,
            dataFile: writeRows(
              join(folder, 'watch.jsonl'),
              watch.rows.map((row) => ({ split: 'test', ...row })),
            ),
          },
        }),
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
  }
  return { config, trainRows: rows.length, events };
}

function oneOfEach(rows: readonly Row[]): Row[] {
  const labels = labelsOf(rows);
  return labels.map((label) => rows.find((row) => row['label'] === label)).filter((row) => row !== undefined);
}

async function record(curve: CurveCase, backend: Backend): Promise<object> {
  const material = await materialOf(curve.material, backend);
  const folder = mkdtempSync(join(tmpdir(), 'tunebench-coach-'));
  try {
    const { config, trainRows, events } = await train(curve, material, backend, folder);
    return evidenceOf(curve, config, trainRows, events, material.watch?.task ?? null);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Five digits tell as much as all of them. */
function round(value: number): number {
  return Number(value.toPrecision(5));
}

function evidenceOf(
  curve: CurveCase,
  config: RunConfig,
  trainRows: number,
  events: readonly RunEventBody[],
  watchTask: 'classification' | 'causalLm' | null,
) {
  const steps = events.filter((event) => event.event === 'stepped');
  const evaluations = events.filter((event) => event.event === 'evaluated' && event.split === 'validation');
  const pointsOf = (name: string) =>
    steps.flatMap(({ step, metrics }) => (name in metrics ? [[step, round(metrics[name] ?? 0)]] : []));
  const measured = (name: string, split = 'validation') =>
    events.flatMap((event) =>
      event.event === 'evaluated' && event.split === split && name in event.metrics
        ? [[event.step, round(event.metrics[name] ?? 0)]]
        : [],
    );
  const textsMeasured = events.find((event) => event.event === 'textsMeasured');
  const finished = events.find((event) => event.event === 'finished');
  const watched = watchTask === 'classification' ? 'accuracy' : 'loss';
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
      ...(watchTask && { [`watch.${watched}`]: measured(watched, 'watch') }),
    },
    texts: Object.fromEntries(
      Object.entries(textsMeasured?.metrics ?? {}).map(([name, value]) => [name, round(value)]),
    ),
    ...(watchTask && {
      watch: { metric: watched, now: round(finished?.metrics['watch']?.[watched] ?? NaN) },
    }),
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
