import { existsSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunConfig } from '../../src-main/contract/runs.ts';
import { classificationConfig, eventsUntil } from './runFixtures.ts';
import { type ScriptedWorker, scriptedLauncher } from './scriptedWorker.ts';
import { type TestHost, codesOfCall, makeTestFolder, openTestHost } from './testHost.ts';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let host: TestHost;
let workers: ReturnType<typeof scriptedLauncher>;
let config: RunConfig;

async function open(): Promise<void> {
  workers = scriptedLauncher();
  host = await openTestHost({ folder: folder.path, launcher: workers.launcher });
}

beforeEach(async () => {
  folder = await makeTestFolder();
  await open();
  config = await classificationConfig(host.client, folder.path);
});
afterEach(async () => {
  await host.close();
  await folder.remove();
});

/** A worker that has been asked to train. */
async function nextTraining(): Promise<ScriptedWorker> {
  const worker = await workers.next();
  await worker.asked('train');
  return worker;
}

const statusOf = async (id: string) => (await host.client.runs.get({ id })).status;

describe('a run', () => {
  test('is frozen with every setting, and its data with it', async () => {
    const run = await host.client.runs.start({ ...config, name: 'first' });
    expect(run).toMatchObject({ name: 'first', status: 'queued', methodId: 'lora' });
    const worker = await nextTraining();
    expect(worker.job).toMatchObject({ runId: run.id, resume: false });
    expect(worker.job.config.training).toMatchObject({ schedule: 'linear', batchSize: 8 });

    const detail = await host.client.runs.get({ id: run.id });
    expect(detail.config).toEqual(worker.job.config);
    expect(detail.modelHash).toMatch(/^[0-9a-f]{64}$/);
    const lines = readFileSync(worker.job.dataFile, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(64);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      split: expect.stringMatching(/^(train|validation|test)$/),
      text: 'turn on the lamp lamp 0',
      label: 'light',
    });

    // The dataset may go; what the run trains on stays.
    await host.client.datasets.remove({ id: config.datasetId });
    expect(existsSync(worker.job.dataFile)).toBe(true);
    worker.prepare();
    worker.finish('completed', 4);
    await eventsUntil(host.client, run.id, 'finished');
  });

  test('moves through its states as its events tell', async () => {
    const run = await host.client.runs.start(config);
    const worker = await nextTraining();
    worker.tell({ event: 'started', device: 'script', resumedFromStep: null });
    expect(await statusOf(run.id)).toBe('preparing');
    worker.prepare();
    expect(await statusOf(run.id)).toBe('running');
    await host.client.runs.pause({ id: run.id });
    await worker.asked('pause');
    worker.step(1);
    worker.tell({ event: 'paused', step: 1 });
    expect(await statusOf(run.id)).toBe('paused');
    await host.client.runs.resume({ id: run.id });
    await worker.asked('continue');
    worker.tell({ event: 'resumed', step: 1 });
    expect(await statusOf(run.id)).toBe('running');
    worker.step(2, 0.5);
    worker.tell({ event: 'evaluated', step: 2, split: 'validation', metrics: { accuracy: 0.7 }, best: true });
    worker.finish('completed', 4);
    const events = await eventsUntil(host.client, run.id, 'finished');
    expect(events.map((event) => event.body.event)).toEqual(
      'queued started started prepared stepped paused resumed stepped evaluated finished'.split(' '),
    );
    expect(await host.client.runs.get({ id: run.id })).toMatchObject({
      status: 'completed',
      step: 4,
      metrics: { 'train.loss': 0.5, 'validation.accuracy': 0.7, 'test.accuracy': 0.75 },
      trainableParameters: 10,
      rowsPerSecond: 5,
      peakMemoryBytes: 2000,
      lastSequence: events.at(-1)?.sequence,
    });
    const series = await host.client.runs.series({ id: run.id, metrics: ['train.loss'] });
    expect(series[0]?.points.map((point) => [point.step, point.last])).toEqual([
      [1, 1],
      [2, 0.5],
    ]);
  });

  test('waits until the one before it is over', async () => {
    const first = await host.client.runs.start(config);
    const second = await host.client.runs.start(config);
    const third = await host.client.runs.start(config);
    const worker = await nextTraining();
    expect(worker.job.runId).toBe(first.id);
    await host.client.runs.stop({ id: second.id });
    expect(await statusOf(second.id)).toBe('stopped');
    worker.prepare();
    worker.finish('completed', 4);
    const next = await nextTraining();
    expect(next.job.runId).toBe(third.id);
    next.prepare();
    next.finish('stopped', 1);
    await eventsUntil(host.client, third.id, 'finished');
    expect(await statusOf(third.id)).toBe('stopped');
  });

  test('whose process the system ends is interrupted, says so, and goes on', async () => {
    const run = await host.client.runs.start({ ...config, name: 'large' });
    const worker = await nextTraining();
    worker.prepare();
    worker.step(1);
    worker.step(2);
    worker.step(3);
    worker.exit(null, 'SIGKILL');
    const events = await eventsUntil(host.client, run.id, 'interrupted');
    const detail = await host.client.runs.get({ id: run.id });
    expect(detail).toMatchObject({
      status: 'interrupted',
      step: 3,
      problems: [{ code: 'run.workerKilled' }],
    });
    expect(detail.problems[0]?.message).toContain('large');
    expect(detail.problems[0]?.message).toContain('SIGKILL');

    await host.client.runs.resume({ id: run.id });
    const again = await nextTraining();
    expect(again.job.resume).toBe(true);
    again.prepare(2);
    // What came after the checkpoint is trained again and must not be drawn twice.
    expect((await host.client.runs.series({ id: run.id }))[0]?.totalPoints).toBe(2);
    again.step(3);
    again.finish('completed', 4);
    await eventsUntil(host.client, run.id, 'finished', events.at(-1)?.sequence);
    expect(await host.client.runs.get({ id: run.id })).toMatchObject({ status: 'completed', problems: [] });
  });

  test('whose process crashes is interrupted with its last words', async () => {
    const run = await host.client.runs.start(config);
    const worker = await nextTraining();
    worker.prepare();
    worker.write('something\nfree(): invalid pointer\n');
    worker.exit(134, null);
    await eventsUntil(host.client, run.id, 'interrupted');
    const { problems } = await host.client.runs.get({ id: run.id });
    expect(problems[0]).toMatchObject({ code: 'run.workerCrashed' });
    expect(problems[0]?.message).toContain('free(): invalid pointer');
  });

  test('whose process ends without a word is interrupted by what is known', async () => {
    const run = await host.client.runs.start(config);
    const worker = await nextTraining();
    worker.prepare();
    worker.exit(null, 'SIGTERM');
    await eventsUntil(host.client, run.id, 'interrupted');
    const { problems } = await host.client.runs.get({ id: run.id });
    expect(problems[0]).toMatchObject({ code: 'run.workerSilent', params: { how: 'SIGTERM' } });
  });

  test('that cannot be trained fails with its problems, and the next one starts', async () => {
    const run = await host.client.runs.start(config);
    await host.client.runs.start(config);
    const worker = await nextTraining();
    const problem = { code: 'run.noTrainingRows', message: 'no rows', hint: 'add some', params: {} };
    worker.say({ kind: 'failed', id: 2, problems: [problem] });
    await eventsUntil(host.client, run.id, 'failed');
    expect(await host.client.runs.get({ id: run.id })).toMatchObject({
      status: 'failed',
      problems: [problem],
    });
    const next = await nextTraining();
    next.finish('completed', 4);
  });

  test('can only be steered in states that allow it', async () => {
    const run = await host.client.runs.start(config);
    const worker = await nextTraining();
    expect(await codesOfCall(host.client.runs.remove({ id: run.id }))).toEqual(['run.stillRunning']);
    expect(await codesOfCall(host.client.models.remove({ id: config.modelId }))).toEqual(['model.inUse']);
    worker.prepare();
    worker.finish('completed', 4);
    await eventsUntil(host.client, run.id, 'finished');
    for (const action of ['pause', 'resume', 'stop'] as const) {
      expect(await codesOfCall(host.client.runs[action]({ id: run.id }))).toEqual(['run.wrongStatus']);
    }
    const target = { runId: run.id };
    expect(await codesOfCall(host.client.playground.predict({ target, rows: [{ text: 'a' }] }))).toEqual([
      'run.noResult',
    ]);
    const { dataFolder } = await host.client.system.info({});
    const folder = `${dataFolder}/runs/${run.id}`;
    await host.client.runs.remove({ id: run.id });
    expect(await host.client.runs.list({})).toEqual([]);
    expect(existsSync(folder)).toBe(true);
    await host.client.runs.restore({ id: run.id });
    expect(await host.client.runs.list({})).toMatchObject([{ id: run.id }]);

    await host.client.runs.remove({ id: run.id });
    const bin = await host.client.runs.bin({});
    expect(bin.runs).toMatchObject([{ id: run.id }]);
    expect(bin.sizeBytes).toBeGreaterThan(0);
    expect(await host.client.runs.emptyBin({})).toEqual({ count: 1 });
    expect(existsSync(folder)).toBe(false);
    expect(await codesOfCall(host.client.runs.get({ id: run.id }))).toEqual(['run.notFound']);
  });

  test('take what a person adds to them', async () => {
    const first = await host.client.runs.start(config);
    const child = await host.client.runs.start({ ...config, parentRunId: first.id });
    expect(child.parentRunId).toBe(first.id);
    const change = { name: '기준', notes: '**good**', tags: ['a', 'b', 'a'], starred: true };
    await host.client.runs.annotate({ id: first.id, change });
    expect(await host.client.runs.get({ id: first.id })).toMatchObject({ ...change, tags: ['a', 'b'] });
    const empty = { id: first.id, change: { name: '  ' } };
    expect(await codesOfCall(host.client.runs.annotate(empty))).toEqual(['common.invalidInput']);
    for (let left = 2; left > 0; left--) (await nextTraining()).finish('completed', 4);
    await eventsUntil(host.client, child.id, 'finished');
  });

  test('that was steered is repeated with the same changes at the same steps', async () => {
    const run = await host.client.runs.start(config);
    const worker = await nextTraining();
    worker.prepare();
    worker.step(2);
    await eventsUntil(host.client, run.id, 'stepped');
    await host.client.runs.steer({ id: run.id, change: { kind: 'learningRate', learningRate: 1e-4 } });
    await worker.asked('steer');
    const [asked] = worker.requests.filter((request) => request.kind === 'steer');
    expect(asked?.change).toEqual({ kind: 'learningRate', learningRate: 1e-4 });
    worker.tell({
      event: 'steered',
      id: asked?.id ?? '',
      step: 2,
      change: { kind: 'learningRate', learningRate: 1e-4 },
    });
    worker.tell({ event: 'steered', id: 'saved', step: 3, change: { kind: 'checkpoint' } });
    worker.exit(null, 'SIGKILL');
    await eventsUntil(host.client, run.id, 'interrupted');

    // Going on: the change is known already, and is made again where the checkpoint is older.
    await host.client.runs.resume({ id: run.id });
    const resumed = await nextTraining();
    expect(resumed.job).toMatchObject({
      resume: true,
      steering: [{ id: asked?.id, step: 2, change: { kind: 'learningRate' }, recorded: true }],
    });
    resumed.finish('completed', 4);
    await eventsUntil(host.client, run.id, 'finished');

    await host.client.runs.replay({ id: run.id });
    const repeated = await nextTraining();
    expect(repeated.job.steering).toMatchObject([{ step: 2, recorded: false }]);
    repeated.finish('completed', 4);
  });

  test('that is over goes on when it is made longer', async () => {
    const run = await host.client.runs.start(config);
    const worker = await nextTraining();
    worker.prepare();
    worker.step(4);
    worker.finish('completed', 4);
    await eventsUntil(host.client, run.id, 'finished');
    const shorter = host.client.runs.steer({ id: run.id, change: { kind: 'length', epochs: 0.5 } });
    expect(await codesOfCall(shorter)).toEqual(['run.alreadyLonger']);
    await host.client.runs.steer({ id: run.id, change: { kind: 'length', epochs: 3 } });
    const longer = await nextTraining();
    expect(longer.job).toMatchObject({ resume: true, steering: [{ step: 4, change: { epochs: 3 } }] });
    longer.finish('completed', 12);
    await eventsUntil(host.client, run.id, 'finished');
  });

  test('that was cut off goes on by itself where that is wanted, once without getting further', async () => {
    await host.client.system.saveSettings({ resumeAfterBreak: true });
    const run = await host.client.runs.start(config);
    const worker = await nextTraining();
    worker.prepare();
    worker.step(2);
    worker.exit(134, null);
    const second = await nextTraining();
    expect(second.job).toMatchObject({ runId: run.id, resume: true });
    second.prepare(1);
    second.exit(134, null);
    await expect.poll(() => statusOf(run.id)).toBe('interrupted');
    expect(await statusOf(run.id)).toBe('interrupted');
  });
});

describe('a host', () => {
  test('that ends stops its run resumably', async () => {
    const run = await host.client.runs.start(config);
    const waiting = await host.client.runs.start(config);
    const worker = await nextTraining();
    worker.prepare();
    worker.step(1);
    const closing = host.close();
    await worker.asked('stop');
    worker.finish('stopped', 1);
    await closing;
    await open();
    expect(await statusOf(run.id)).toBe('stopped');
    // What was waiting goes on waiting for its turn, which is now.
    const next = await nextTraining();
    expect(next.job.runId).toBe(waiting.id);
    next.finish('stopped', 0);
  });

  test('that died leaves its run interrupted', async () => {
    const run = await host.client.runs.start(config);
    const worker = await nextTraining();
    worker.prepare();
    worker.step(1);
    worker.tell({ event: 'checkpointed', step: 1, sizeBytes: 10 });
    // A copy of the data folder as it lies on the disk now is what a power cut would leave.
    const copy = await makeTestFolder();
    await cp(path.join(folder.path, 'home'), path.join(copy.path, 'home'), { recursive: true });
    const later = await openTestHost({ folder: copy.path, launcher: scriptedLauncher().launcher });
    const detail = await later.client.runs.get({ id: run.id });
    expect(detail).toMatchObject({ status: 'interrupted', step: 1, problems: [{ code: 'run.hostEnded' }] });
    const events = await eventsUntil(later.client, run.id, 'interrupted');
    expect(events.at(-2)?.body.event).toBe('checkpointed');
    await later.close();
    await copy.remove();
    worker.finish('completed', 4);
  });

  test('lets nobody else onto its data folder, and says who has it', async () => {
    await expect(openTestHost({ folder: folder.path })).rejects.toMatchObject({
      code: 'platform.dataFolderInUse',
      message: expect.stringContaining(String(process.pid)),
    });
  });
});
