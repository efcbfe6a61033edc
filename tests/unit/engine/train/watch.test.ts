import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../../../src-main/contract/events.ts';
import type { Task } from '../../../../src-main/contract/methods.ts';
import type { Metrics, RunConfig } from '../../../../src-main/contract/runs.ts';
import type { TrainJob } from '../../../../src-main/contract/worker.ts';
import { chooseWatchTask } from '../../../../src-main/engine/train/watch.ts';
import { files, folder, resultBytes, setUpSessions, train } from './sessions.ts';
import { makeTinyJob, writeTinyModel } from './tinyProject.ts';

setUpSessions();

/** What was found of the watched texts, by step. */
function watchedOf({ events }: { events: readonly RunEventBody[] }): [step: number, metrics: Metrics][] {
  return events.flatMap((event): [number, Metrics][] =>
    event.event === 'evaluated' && event.split === 'watch' ? [[event.step, event.metrics]] : [],
  );
}

const texts = [
  'turn the kettle off',
  'where does the garden end',
  'please turn it off',
  'the gate yesterday',
];

/** A job that watches texts, by the task that is asked for. */
function watchingJob(
  name: string,
  task: Task,
  change: Partial<RunConfig>,
  rows?: readonly object[],
): TrainJob {
  const path = join(folder, `${name}-watched.jsonl`);
  const lines = rows ?? texts.map((text) => ({ split: 'train', text }));
  writeFileSync(path, lines.map((row) => JSON.stringify(row)).join('\n'));
  return { ...makeTinyJob(join(folder, name), change), watch: { dataFile: path, task } };
}

const writing: Partial<RunConfig> = {
  task: 'causalLm',
  method: { id: 'full', options: {} },
  training: { learningRate: 5e-3, epochs: 2, batchSize: 4, seed: 3, evaluateEverySteps: 6 },
};

describe('watched texts', () => {
  it('are measured before training and at each evaluation, and change nothing of the result', async () => {
    const job = watchingJob('watching', 'causalLm', writing);
    const { events } = await train(job);
    const found = watchedOf({ events });
    expect(found.map(([step]) => step)).toEqual([0, 6, 12, 18]);
    // Random weights know nothing that could be lost: that training moves the number is enough.
    expect(new Set(found.map(([, { loss }]) => loss)).size).toBe(4);
    const best = events.findLast((event) => event.event === 'evaluated' && event.best);
    const kept = found.find(([step]) => best?.event === 'evaluated' && step === best.step)?.[1];
    expect(kept).toBeDefined();
    expect(events.find((event) => event.event === 'finished')?.metrics['watch']).toEqual(kept);
    const { watch: _watch, ...blind } = job;
    await train({ ...blind, runFolder: join(folder, 'blind') });
    expect(resultBytes(job)).toEqual(resultBytes({ ...blind, runFolder: join(folder, 'blind') }));
  });

  it('go on where a run was stopped, to the same numbers and bytes', async () => {
    const whole = watchingJob('whole', 'causalLm', writing);
    const unbroken = await train(whole);
    const broken = watchingJob('broken', 'causalLm', writing);
    const first = await train(broken, (event, control) => {
      if (event.event === 'stepped' && event.step === 8) control.stop();
    });
    const second = await train({ ...broken, resume: true });
    expect([...watchedOf(first), ...watchedOf(second)]).toEqual(watchedOf(unbroken));
    expect(resultBytes(broken)).toEqual(resultBytes(whole));
  });

  it('are measured under the head for hidden words while an encoder learns classes', async () => {
    const change = (task: Task): Partial<RunConfig> => ({
      ...writing,
      task,
      objective: { maximumLength: 32 },
    });
    const classesJob = watchingJob('classes', 'maskedLm', change('classification'));
    const { dataFile } = classesJob;
    const classes = watchedOf(await train(classesJob));
    const wordsJob = { ...watchingJob('words', 'maskedLm', change('maskedLm')), dataFile };
    const words = watchedOf(await train(wordsJob));
    // The same body under the same head, whatever is about to be learned.
    expect(classes[0]?.[1]['loss']).toBeCloseTo(words[0]?.[1]['loss'] ?? NaN, 5);
    expect(classes.at(-1)?.[1]['loss']).not.toBeCloseTo(classes[0]?.[1]['loss'] ?? NaN, 5);
  });

  it('need no validation rows', async () => {
    const job = watchingJob('alone', 'causalLm', writing);
    const rows = readFileSync(job.dataFile, 'utf8').trim().split('\n');
    writeFileSync(job.dataFile, rows.filter((row) => row.includes('"train"')).join('\n'));
    expect(watchedOf(await train(job)).map(([step]) => step)).toEqual([0, 6, 12, 18]);
  });

  it('of which none holds anything are refused', async () => {
    const job = watchingJob('empty', 'causalLm', writing, [{ split: 'train', text: ' ' }]);
    await expect(train(job)).rejects.toMatchObject({ code: 'run.watchEmpty' });
  });

  it('that changed since a checkpoint are not those of the run', async () => {
    const job = watchingJob('changed', 'causalLm', writing);
    await train(job, (event, control) => {
      if (event.event === 'stepped' && event.step === 8) control.stop();
    });
    writeFileSync(job.watch?.dataFile ?? '', JSON.stringify({ split: 'train', text: 'the gate' }));
    await expect(train({ ...job, resume: true })).rejects.toMatchObject({ code: 'run.checkpointMismatch' });
  });

  it('tell what the texts to learn from are, once', async () => {
    const { events } = await train(watchingJob('facts', 'causalLm', writing));
    const measured = events.filter((event) => event.event === 'textsMeasured');
    expect(measured).toHaveLength(1);
    expect(Object.keys(measured[0]?.metrics ?? {})).toEqual(expect.arrayContaining(['unknownShare', 'loss']));
  });
});

describe('chooseWatchTask', () => {
  const question = (modelFolder: string, task: Task, roles: object = { text: 'text' }) => ({
    task,
    modelFolder,
    labels: task === 'classification' ? ['gate', 'keys'] : [],
    copies: false,
    watched: { name: 'news', roles, labels: [] },
  });

  it('measures language under the head that a model has', () => {
    const bert = writeTinyModel(join(folder, 'bert'), 'bert');
    const llama = writeTinyModel(join(folder, 'llama'), 'llama');
    expect(chooseWatchTask(files, question(bert, 'classification'))).toBe('maskedLm');
    expect(chooseWatchTask(files, question(bert, 'maskedLm'))).toBe('maskedLm');
    expect(chooseWatchTask(files, question(llama, 'causalLm'))).toBe('causalLm');
    expect(chooseWatchTask(files, question(llama, 'preference'))).toBe('causalLm');
  });

  it('measures the run’s own task where the model has learned these labels before', async () => {
    const job = makeTinyJob(join(folder, 'classes'), {
      method: { id: 'full', options: {} },
      training: { learningRate: 1e-2, epochs: 1, batchSize: 16, seed: 1 },
    });
    await train(job);
    const labels = ['garden', 'gate', 'kettle', 'keys'];
    const trained = join(job.runFolder, 'result');
    const ask = (modelFolder: string, own: readonly string[], found: readonly string[]) =>
      chooseWatchTask(files, {
        ...question(modelFolder, 'classification'),
        labels: own,
        watched: { name: 'old', roles: { text: 'text', label: 'label' }, labels: found },
      });
    expect(ask(trained, labels, ['gate', 'keys'])).toBe('classification');
    // Labels of which it knows nothing, or a head that was made for others, leave the language.
    expect(ask(job.modelFolder, labels, ['gate', 'keys'])).toBe('maskedLm');
    expect(ask(trained, labels, ['roof'])).toMatchObject({ code: 'run.watchNoHead' });
    expect(ask(trained, ['gate', 'keys'], ['gate'])).toMatchObject({ code: 'run.watchNoHead' });
  });

  it('says why nothing honest can be measured', () => {
    const bert = writeTinyModel(join(folder, 'bert'), 'bert');
    const t5 = writeTinyModel(join(folder, 't5'), 't5');
    expect(chooseWatchTask(files, question(t5, 'seq2seq'))).toMatchObject({ code: 'run.watchNoHead' });
    expect(chooseWatchTask(files, question(bert, 'classification', { prompt: 'a' }))).toMatchObject({
      code: 'run.watchLacksText',
    });
    expect(chooseWatchTask(files, { ...question(bert, 'classification'), copies: true })).toMatchObject({
      code: 'run.watchNotForMethod',
    });
  });
});
