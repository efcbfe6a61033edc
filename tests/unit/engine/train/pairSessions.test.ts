import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../../../src-main/contract/events.ts';
import type { Task } from '../../../../src-main/contract/methods.ts';
import type { Metrics, RunConfig } from '../../../../src-main/contract/runs.ts';
import { type TrainJob, generationOptionsSchema } from '../../../../src-main/contract/worker.ts';
import { loadPredictor, mergeModel } from '../../../../src-main/engine/index.ts';
import { backend, files, folder, resultBytes, setUpSessions, stopAfter, train } from './sessions.ts';
import { writeTinyModel } from './tinyProject.ts';

// Whole runs of tasks whose rows are pairs: texts and answers, texts that belong together, better and worse answers.

setUpSessions();

type Kind = 'bert' | 'llama' | 't5';

const things = ['kettle', 'garden', 'keys', 'gate'];
const translations = ['oil', 'rd', 'ga', 'ke'];
const partners = ['turn', 'off', 'where', 'please'];

const rowsOf: Readonly<Partial<Record<Task, (index: number) => object>>> = {
  seq2seq: (index) => ({ prompt: `the ${things[index % 4]}`, completion: translations[index % 4] }),
  sentenceEmbedding: (index) => ({ text: `the ${things[index % 4]}`, textPair: partners[index % 4] }),
  preference: (index) => ({
    prompt: `where is the ${things[index % 4]}`,
    chosen: `the ${things[index % 4]}`,
    rejected: `please turn it off ${index % 3}`,
  }),
};

function makeJob(name: string, kind: Kind, task: Task, change: Partial<RunConfig> = {}): TrainJob {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true });
  const dataFile = join(home, 'data.jsonl');
  const lines = Array.from({ length: 40 }, (_, index) =>
    JSON.stringify({
      split: index % 5 === 3 ? 'validation' : index % 5 === 4 ? 'test' : 'train',
      text: '',
      ...rowsOf[task]?.(index),
    }),
  );
  writeFileSync(dataFile, `${lines.join('\n')}\n`);
  return {
    runId: 'run',
    config: {
      modelId: 'tiny',
      datasetId: 'pairs',
      task,
      objective: {},
      method: { id: 'lora', options: { rank: 4, alpha: 8, dropout: 0 } },
      training: { learningRate: 1e-2, epochs: 4, batchSize: 4, seed: 3, checkpointEverySteps: 3 },
      ...change,
    },
    modelFolder: writeTinyModel(join(home, 'model'), kind),
    dataFile,
    runFolder: join(home, 'run'),
    resume: false,
  };
}

function evaluations(events: readonly RunEventBody[]): Metrics[] {
  return events.flatMap((event) =>
    event.event === 'evaluated' && event.split === 'validation' ? [event.metrics] : [],
  );
}

function loadResult({ modelFolder, runFolder, config: { task } }: TrainJob) {
  const model = { modelFolder, trainedFolder: join(runFolder, 'result'), task };
  return { model, predictor: loadPredictor({ model, backend, files }) };
}

const greedy = generationOptionsSchema.parse({ maximumNewTokens: 6 });

describe('text to text', () => {
  it('learns answers, measures them, and writes them when it is tried', async () => {
    const job = makeJob('seq2seq', 't5', 'seq2seq', {
      objective: { writtenRows: 3, maximumAnswerLength: 6 },
      method: { id: 'full', options: {} },
      training: { learningRate: 1e-2, epochs: 6, batchSize: 4, seed: 3 },
    });
    const { events, outcome } = await train(job);
    expect(outcome).toBe('completed');
    const measured = evaluations(events);
    expect(measured.at(-1)?.['loss']).toBeLessThan(0.5 * Number(measured[0]?.['loss']));
    expect(measured.at(-1)?.['rougeL']).toBeGreaterThan(0.5);
    const { predictor } = loadResult(job);
    const text = [...predictor.generate('the kettle', greedy)].join('');
    expect(text).toContain('oil');
    predictor.dispose();
  });
});

describe('sentence embeddings', () => {
  it.each(['bert', 'llama'] as const)('bring texts that belong together close: %s', async (kind) => {
    const job = makeJob('embedding', kind, 'sentenceEmbedding', {
      method: { id: 'full', options: {} },
      training: { learningRate: 5e-3, epochs: 8, batchSize: 8, seed: 3 },
    });
    const { events } = await train(job);
    const measured = evaluations(events);
    expect(measured.at(-1)?.['loss']).toBeLessThan(Number(measured[0]?.['loss']));
    expect(measured.at(-1)?.['recallAt1']).toBe(1);
    const { predictor } = loadResult(job);
    const [own, other] = predictor.predict([
      { text: 'the kettle', textPair: 'turn' },
      { text: 'the kettle', textPair: 'where' },
    ]);
    if (own?.form !== 'similarity' || other?.form !== 'similarity') throw new Error('Wrong form.');
    expect(own.value).toBeGreaterThan(other.value + 0.2);
    predictor.dispose();
  });
});

describe('preferences', () => {
  it.each<RunConfig['method']>([
    { id: 'lora', options: { rank: 4 } },
    { id: 'full', options: {} },
    { id: 'promptTuning', options: { virtualTokens: 4 } },
  ])('make the better answer likelier: $id', async (method) => {
    const job = makeJob('preference', 'llama', 'preference', {
      method,
      training: { learningRate: 1e-2, epochs: 3, batchSize: 4, seed: 3 },
    });
    const { events } = await train(job);
    const last = evaluations(events).at(-1) ?? {};
    expect(last['accuracy']).toBe(1);
    expect(last['rewardMargin']).toBeGreaterThan(0);
    expect(last['loss']).toBeLessThan(Math.log(2));
    const { predictor } = loadResult(job);
    expect([...predictor.generate('where is the kettle', greedy)].join('').length).toBeGreaterThan(0);
    predictor.dispose();
  });
});

it.each([
  ['t5', 'seq2seq', { id: 'ia3', options: {} }],
  ['t5', 'seq2seq', { id: 'full', options: {} }],
  ['t5', 'seq2seq', { id: 'freezing', options: { lastLayers: 1 } }],
  ['bert', 'sentenceEmbedding', { id: 'lora', options: { rank: 2 } }],
  ['bert', 'sentenceEmbedding', { id: 'freezing', options: { lastLayers: 1 } }],
  ['llama', 'preference', { id: 'lora', options: { rank: 2 } }],
  ['llama', 'preference', { id: 'full', options: {} }],
] as const)('%s, %s goes on where it was stopped, to the same bytes: %o', async (kind, task, method) => {
  const make = (name: string) =>
    makeJob(name, kind, task, {
      method,
      training: { learningRate: 5e-3, epochs: 2, batchSize: 4, seed: 1, checkpointEverySteps: 3 },
    });
  const unbroken = make('unbroken');
  await train(unbroken);
  const broken = make('broken');
  expect((await train(broken, stopAfter(5))).outcome).toBe('stopped');
  expect((await train({ ...broken, resume: true })).outcome).toBe('completed');
  expect(resultBytes(broken)).toEqual(resultBytes(unbroken));
});

it.each([
  ['t5', 'seq2seq'],
  ['bert', 'sentenceEmbedding'],
  ['llama', 'preference'],
] as const)('%s, %s is merged into a folder that answers alike', async (kind, task) => {
  const job = makeJob('merged', kind, task, { training: { epochs: 1, batchSize: 4, seed: 1 } });
  await train(job);
  const { model, predictor } = loadResult(job);
  const targetFolder = join(folder, 'whole');
  mergeModel({ model, targetFolder, backend, files });
  const merged = loadPredictor({ model: { modelFolder: targetFolder, task }, backend, files });
  if (task === 'sentenceEmbedding') {
    const cosineOf = (one: typeof predictor) => {
      const [prediction] = one.predict([{ text: 'the kettle', textPair: 'turn' }]);
      return prediction?.form === 'similarity' ? prediction.value : NaN;
    };
    expect(cosineOf(merged)).toBeCloseTo(cosineOf(predictor), 5);
  } else {
    const write = (one: typeof predictor) => [...one.generate('the kettle', greedy)].join('');
    expect(write(merged)).toBe(write(predictor));
  }
  merged.dispose();
  predictor.dispose();
});
