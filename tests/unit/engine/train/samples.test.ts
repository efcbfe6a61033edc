import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { RunEventBody } from '../../../../src-main/contract/events.ts';
import { type RowContent, type Task, headOf } from '../../../../src-main/contract/methods.ts';
import type { OptionValue } from '../../../../src-main/contract/options.ts';
import type { RunConfig } from '../../../../src-main/contract/runs.ts';
import type { Sample } from '../../../../src-main/contract/samples.ts';
import type { TrainJob } from '../../../../src-main/contract/worker.ts';
import { makeFailing } from '../autodiff/failingBackend.ts';
import { backend, eventsOf, files, folder, resultBytes, setUpSessions, train } from './sessions.ts';
import { loadPredictor } from '../../../../src-main/engine/index.ts';
import { makeTinyJob, writeTinyModel } from './tinyProject.ts';

setUpSessions();

function samplesOf({ events }: { events: readonly RunEventBody[] }): [step: number, samples: Sample[]][] {
  return eventsOf(events, 'sampled').map(({ step, samples = [] }) => [step, samples]);
}

const usual = { learningRate: 5e-3, epochs: 2, batchSize: 4, seed: 3, evaluateEverySteps: 6 };

function job(
  name: string,
  task: Task,
  training: Readonly<Record<string, OptionValue>> = {},
  change: Partial<RunConfig> = {},
): TrainJob {
  const settings = { ...usual, ...training };
  return makeTinyJob(join(folder, name), { task, training: settings, ...change });
}

function writeRows(target: TrainJob, rows: readonly object[]): void {
  writeFileSync(target.dataFile, rows.map((row) => JSON.stringify(row)).join('\n'));
}

describe('samples', () => {
  it.each<Task>(['classification', 'causalLm'])(
    'are taken at the start and at each evaluation, and change nothing of the result: %s',
    async (task) => {
      const with4 = job('with', task, { sampleRows: 4 });
      const samples = samplesOf(await train(with4));
      expect(samples.map(([step]) => step)).toEqual([0, 6, 12, 18]);
      const without = job('without', task, { sampleRows: 0 });
      expect(samplesOf(await train(without))).toEqual([]);
      expect(resultBytes(with4)).toEqual(resultBytes(without));
      // The same rows each time, of which more and more is learned.
      const rows = samples.map(([, each]) => each.map(({ row }) => row));
      expect(new Set(rows.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(rows[0]).toHaveLength(4);
      expect(rows[0]?.every(({ split }) => split === 'validation')).toBe(true);
      const answers = samples.map(([, each]) => JSON.stringify(each.map(({ answer }) => answer)));
      expect(new Set(answers).size).toBeGreaterThan(1);
    },
  );

  it('go on where a run was stopped, with the same answers and bytes', async () => {
    const whole = job('whole', 'causalLm', { sampleEverySteps: 4 });
    const unbroken = await train(whole);
    const broken = job('broken', 'causalLm', { sampleEverySteps: 4 });
    const first = await train(broken, (event, control) => {
      if (event.event === 'stepped' && event.step === 8) control.stop();
    });
    const second = await train({ ...broken, resume: true });
    expect(samplesOf(unbroken).map(([step]) => step)).toEqual([0, 4, 8, 12, 16, 18]);
    expect([...samplesOf(first), ...samplesOf(second)]).toEqual(samplesOf(unbroken));
    expect(resultBytes(broken)).toEqual(resultBytes(whole));
  });

  it('may be asked for when a run goes on that took none', async () => {
    const before = job('run', 'classification', { sampleRows: 0 });
    await train(before, (event, control) => {
      if (event.event === 'stepped' && event.step === 8) control.stop();
    });
    const { config } = before;
    const training = { ...config.training, sampleRows: 3 };
    const after = await train({ ...before, config: { ...config, training }, resume: true });
    expect(after.outcome).toBe('completed');
    expect(samplesOf(after).map(([step]) => step)).toEqual([12, 18]);
  });

  it('are of different labels where there are so many', async () => {
    const samples = samplesOf(await train(job('labels', 'classification', { maximumSteps: 1 })));
    const labels = samples[0]?.[1].map(({ row }) => row.expected);
    expect(labels?.toSorted()).toEqual(['garden', 'gate', 'kettle', 'keys']);
  });

  it('say what the model of that step says when it is tried', async () => {
    const trained = job('tried', 'causalLm', { epochs: 1 }, { method: { id: 'full', options: {} } });
    const samples = samplesOf(await train(trained));
    const { modelFolder, runFolder } = trained;
    const trainedFolder = join(runFolder, 'result');
    const predictor = loadPredictor({
      model: { modelFolder, trainedFolder, task: 'causalLm' },
      backend,
      files,
    });
    const [last] = samples.at(-1)?.[1] ?? [];
    const options = { maximumNewTokens: 64, temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, stop: [], seed: 0 }; // prettier-ignore
    const text = [...predictor.generate(last?.row.asked.prompt ?? '', options)].join('');
    predictor.dispose();
    expect(last?.answer).toEqual({ form: 'text', text });
  });

  it('end where a model takes too long to write, and training goes on to the same bytes', async () => {
    const whole = job('whole', 'causalLm', { epochs: 1 });
    const written = samplesOf(await train(whole)).at(-1)?.[1] ?? [];
    const live = backend.liveHandles;
    let nowMs = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 10_000));
    const slow = job('slow', 'causalLm', { epochs: 1 });
    const cut = samplesOf(await train(slow)).at(-1)?.[1] ?? [];
    clock.mockRestore();
    const textOf = ({ answer }: Sample) => (answer.form === 'text' ? answer.text : '');
    const lengths = (samples: readonly Sample[]) => samples.map((sample) => textOf(sample).length);
    expect(Math.max(...lengths(cut))).toBeLessThan(Math.max(...lengths(written)));
    cut.forEach((sample, place) => {
      const all = written[place];
      expect(all && textOf(all).startsWith(textOf(sample))).toBe(true);
    });
    expect(backend.liveHandles).toBe(live);
    expect(resultBytes(slow)).toEqual(resultBytes(whole));
  });

  it('are of training rows where none are held out', async () => {
    const alone = job('alone', 'classification', {
      maximumSteps: 2,
      sampleEverySteps: 1,
      evaluateEverySteps: 0,
    });
    const rows = readFileSync(alone.dataFile, 'utf8').trim().split('\n');
    writeFileSync(alone.dataFile, rows.filter((row) => row.includes('"train"')).join('\n'));
    const samples = samplesOf(await train(alone));
    expect(samples.map(([step]) => step)).toEqual([0, 1, 2]);
    expect(samples[0]?.[1].every(({ row }) => row.split === 'train')).toBe(true);
  });

  it('are left out where the model cannot be asked, and the run goes on to the same bytes', async () => {
    const scarce = makeFailing(backend, 'no more');
    const failing = job('failing', 'causalLm', { maximumSteps: 8 });
    const { events, outcome } = await train(
      failing,
      (event) => {
        if (event.event === 'evaluated' && event.step === 6) scarce.failAt(30);
      },
      scarce.backend,
    );
    expect(outcome).toBe('completed');
    const notes = eventsOf(events, 'noted').map(({ problem }) => problem);
    expect(notes).toMatchObject([{ code: 'run.samplesFailed', params: { step: 6, detail: 'no more' } }]);
    expect(samplesOf({ events }).map(([step]) => step)).toEqual([0]);
    const usual = job('usual', 'causalLm', { maximumSteps: 8 });
    await train(usual);
    expect(resultBytes(failing)).toEqual(resultBytes(usual));
  });

  it('are not taken where no row can be asked, and a person is told', async () => {
    const mute = job('mute', 'maskedLm', { maximumSteps: 1 });
    writeRows(mute, [
      { split: 'train', text: 'the ____ gate' },
      { split: 'train', text: 'the ____ keys' },
    ]);
    const { events } = await train(mute);
    expect(samplesOf({ events })).toEqual([]);
    const notes = eventsOf(events, 'noted').map(({ problem }) => problem.code);
    expect(notes).toContain('run.nothingToSample');
  });
});

const long = `the ${'kettle '.repeat(400)}`;
const asked: readonly [Task, RowContent, Partial<Sample['row']>, form: Sample['answer']['form']][] = [
  ['multiLabel', { text: 'the gate', label: '["keys", "gate"]' }, { expected: 'keys, gate' }, 'labels'],
  ['regression', { text: 'the gate', label: ' 2.50 ' }, { expected: '2.5' }, 'number'],
  [
    'tokenClassification',
    { tokens: '["the", "gate"]', tags: '["O", "B-THING"]' },
    { asked: { text: 'the gate' }, expected: 'THING: gate' },
    'spans',
  ],
  [
    'extractiveQa',
    { question: 'where is it', context: 'turn off the gate', answer: 'the gate' },
    { asked: { question: 'where is it', context: 'turn off the gate' }, expected: 'the gate' },
    'answer',
  ],
  [
    'maskedLm',
    { text: 'please turn the kettle off' },
    { asked: { text: 'please turn the ____ off' }, expected: 'kettle' },
    'fills',
  ],
  ['sentenceEmbedding', { text: 'the gate', textPair: 'the keys' }, { expected: null }, 'similarity'],
  [
    'seq2seq',
    { prompt: 'the gate', completion: 'the keys' },
    { asked: { prompt: 'the gate' }, expected: 'the keys' },
    'text',
  ],
  [
    'preference',
    { prompt: 'the gate', chosen: 'the keys', rejected: 'it' },
    { asked: { prompt: 'the gate' }, expected: 'the keys' },
    'text',
  ],
  [
    'causalLm',
    {
      messages: JSON.stringify([
        { role: 'user', content: 'the gate' },
        { role: 'assistant', content: 'the keys' },
      ]),
    },
    { asked: { prompt: 'the gate' }, expected: 'the keys' },
    'text',
  ],
  [
    'causalLm',
    { text: 'the gate and the keys' },
    { asked: { text: 'the gate' }, expected: 'and the keys' },
    'text',
  ],
  [
    'classification',
    { text: long, label: 'kettle' },
    { asked: { text: `${long.slice(0, 2000)}…` }, expected: 'kettle' },
    'labels',
  ],
];

describe('a row is asked as its task has it', () => {
  it.each(asked)('%s %#', async (task, row, expected, form) => {
    const one = job('one', task, { maximumSteps: 1, batchSize: 2, sampleRows: 1 }, { method: { id: 'full', options: {} } }); // prettier-ignore
    const model = headOf(task) === 'targetToken' ? writeTinyModel(join(folder, 't5'), 't5') : one.modelFolder;
    const other = { ...row, ...(row.label === 'kettle' ? { label: 'gate' } : {}) };
    writeRows(one, [
      { split: 'train', ...row },
      { split: 'train', ...other },
      { split: 'validation', ...row },
    ]);
    const samples = samplesOf(await train({ ...one, modelFolder: model }));
    expect(samples[0]?.[1]).toMatchObject([{ row: expected, answer: { form } }]);
  });
});
