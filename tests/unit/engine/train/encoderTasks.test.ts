import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RowContent, Task } from '../../../../src-main/contract/methods.ts';
import type { TrainJob } from '../../../../src-main/contract/worker.ts';
import { loadPredictor } from '../../../../src-main/engine/index.ts';
import { backend, files, folder, type OnEvent, setUpSessions, stopAfter, train } from './sessions.ts';
import { makeTinyJob } from './tinyProject.ts';

// Whole runs of what encoders learn besides one label per text: the loss falls, and what came of it can be tried.

setUpSessions();

const things = ['kettle', 'garden', 'keys', 'gate'];
const fillers = ['the', 'please', 'where', 'does', 'turn', 'it'];

/** Rows that a tiny model can learn. */
const rowOf: Partial<Record<Task, (thing: string, index: number) => RowContent>> = {
  multiLabel: (thing, index) => ({
    text: `the ${thing} ${index % 2 === 0 ? 'please' : 'it'}`,
    label: index % 2 === 0 ? JSON.stringify([thing, 'polite']) : thing,
  }),
  regression: (thing) => ({ text: `the ${thing}`, label: `${things.indexOf(thing)}` }),
  tokenClassification: (thing, index) => {
    const filler = fillers[index % fillers.length] ?? '';
    const start = filler.length + 1;
    return {
      text: `${filler} ${thing} off`,
      spans: JSON.stringify([{ start, end: start + thing.length, label: 'THING' }]),
    };
  },
  extractiveQa: (thing, index) => {
    const filler = fillers[index % fillers.length] ?? '';
    return { question: 'where does it', context: `turn ${filler} off the ${thing} please`, answer: thing };
  },
  maskedLm: (thing, index) => ({
    text: `the ${thing} ${fillers[index % fillers.length] ?? ''} the ${thing}`,
  }),
};

function makeJob(task: Task, where = folder, epochs = 4): TrainJob {
  const job = makeTinyJob(where, {
    task,
    method: { id: 'full', options: {} },
    training: { learningRate: 3e-3, epochs, batchSize: 6, seed: 2 },
  });
  const lines = Array.from({ length: 60 }, (_, index) => {
    const split = index % 5 === 3 ? 'validation' : index % 5 === 4 ? 'test' : 'train';
    return { split, ...rowOf[task]?.(things[(index * 7) % 4] ?? '', index) };
  });
  writeFileSync(job.dataFile, lines.map((line) => JSON.stringify(line)).join('\n') + '\n');
  return job;
}

/** What a run came to. */
async function learn(job: TrainJob, on?: OnEvent) {
  const { events, outcome } = await train(job, on);
  const losses = events.flatMap((event) => (event.event === 'stepped' ? Number(event.metrics['loss']) : []));
  const test = events.findLast((event) => event.event === 'evaluated' && event.split === 'test');
  return { outcome, losses, test: test?.event === 'evaluated' ? test : undefined };
}

function tryOn(job: TrainJob, row: RowContent) {
  const model = {
    modelFolder: job.modelFolder,
    trainedFolder: join(job.runFolder, 'result'),
    task: job.config.task,
  };
  const predictor = loadPredictor({ model, backend, files });
  const [prediction] = predictor.predict([row]);
  predictor.dispose();
  return prediction;
}

function expectFalling(losses: readonly number[], share = 0.7): void {
  const mean = (some: readonly number[]) => some.reduce((sum, loss) => sum + loss, 0) / some.length;
  expect(mean(losses.slice(-3))).toBeLessThan(share * mean(losses.slice(0, 3)));
}

it('several labels: each is decided by itself', async () => {
  const job = makeJob('multiLabel', folder, 10);
  const { losses, test } = await learn(job);
  expectFalling(losses);
  expect(Object.keys(test?.metrics ?? {}).sort()).toEqual(['exactMatch', 'loss', 'macroF1', 'microF1']);
  const prediction = tryOn(job, { text: 'the gate please' });
  if (prediction?.form !== 'labels') expect.fail();
  expect(prediction.labels.map(({ label }) => label).sort()).toEqual([...things, 'polite'].sort());
  expect(prediction.labels.reduce((sum, { probability }) => sum + probability, 0)).not.toBeCloseTo(1, 3);
  const config: unknown = JSON.parse(readFileSync(join(job.runFolder, 'result/config.json'), 'utf8'));
  expect(config).toMatchObject({ problem_type: 'multi_label_classification' });
});

it('a score: one number, as transformers keeps it', async () => {
  const job = makeJob('regression');
  const { losses, test } = await learn(job);
  expectFalling(losses);
  expect(test?.metrics['pearson']).toBeGreaterThan(0.5);
  expect(tryOn(job, { text: 'the gate' })?.form).toBe('number');
  const config: unknown = JSON.parse(readFileSync(join(job.runFolder, 'result/config.json'), 'utf8'));
  expect(config).toMatchObject({ problem_type: 'regression', id2label: { 0: 'LABEL_0' } });
});

it('entities: spans come back with their places', async () => {
  const job = makeJob('tokenClassification', folder, 10);
  const { losses, test } = await learn(job);
  expectFalling(losses);
  expect(test?.metrics['f1']).toBe(1);
  expect(test?.confusion?.labels).toEqual(['THING', 'O']);
  const prediction = tryOn(job, { text: 'please kettle off' });
  expect(prediction).toMatchObject({
    form: 'spans',
    spans: [{ start: 7, end: 13, text: 'kettle', label: 'THING' }],
  });
});

it('answers: the stretch of the passage comes back', async () => {
  const job = makeJob('extractiveQa');
  const { losses, test } = await learn(job);
  expectFalling(losses);
  expect(Number(test?.metrics['f1'])).toBeGreaterThanOrEqual(Number(test?.metrics['exactMatch']));
  const context = 'turn it off the gate please';
  const prediction = tryOn(job, { question: 'where does it', context });
  if (prediction?.form !== 'answer') expect.fail();
  for (const { start, end, text } of prediction.answers) expect(context.slice(start, end)).toBe(text);
});

it('hidden words: masks are drawn anew, and a run goes on where it was stopped to the same bytes', async () => {
  const weights = (job: TrainJob) => readFileSync(join(job.runFolder, 'result/model.safetensors'));
  const whole = makeJob('maskedLm', join(folder, 'whole'), 5);
  const { losses, test } = await learn(whole);
  expectFalling(losses, 0.9);
  expect(test?.metrics['perplexity']).toBeCloseTo(Math.exp(Number(test?.metrics['loss'])), 6);
  const broken = makeJob('maskedLm', join(folder, 'broken'), 5);
  expect((await learn(broken, stopAfter(9))).outcome).toBe('stopped');
  expect((await learn({ ...broken, resume: true })).outcome).toBe('completed');
  expect(weights(broken).equals(weights(whole))).toBe(true);
  const prediction = tryOn(whole, { text: 'the ___ please' });
  if (prediction?.form !== 'fills') expect.fail();
  expect(prediction.fills).toHaveLength(1);
  expect(prediction.fills[0]?.tokens).toHaveLength(5);
});
