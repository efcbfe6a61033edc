import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TunebenchError, describeProblem } from '../../../src-main/contract/errors/index.ts';
import type { TrainJob } from '../../../src-main/contract/worker.ts';
import { createEngineFiles, openDataFolder, openLog } from '../../../src-main/platform/index.ts';
import { ChangeSignal } from '../../../src-main/services/changeSignal.ts';
import type { ServiceContext } from '../../../src-main/services/context.ts';
import { chooseNext, moveInQueue, waitingRuns } from '../../../src-main/services/runs/queue.ts';
import { Supervisor } from '../../../src-main/services/runs/supervisor.ts';
import { openStore } from '../../../src-main/store/store.ts';
import { scriptedLauncher } from '../../contract/scriptedWorker.ts';

let folder: string;
let context: ServiceContext;
let workers: ReturnType<typeof scriptedLauncher>;
let failing: false | 'full' | 'broken' = false;

const config = {
  modelId: 'model',
  datasetId: 'dataset',
  task: 'classification' as const,
  objective: {},
  method: { id: 'lora', options: {} },
  training: {},
};

function insert(id: string, second: number): void {
  context.store.runs.insert({
    id,
    name: id,
    task: 'classification',
    methodId: 'lora',
    modelId: 'model',
    modelName: 'model',
    datasetId: 'dataset',
    datasetName: 'dataset',
    createdAt: new Date(second * 1000).toISOString(),
    config,
    datasetHash: '',
    modelHash: '',
    versions: {},
    parentRunId: null,
  });
  context.store.runs.update(id, { queuePosition: second });
}

const jobOf = (runId: string): TrainJob => ({
  runId,
  config,
  modelFolder: folder,
  dataFile: path.join(folder, 'rows.jsonl'),
  runFolder: folder,
  resume: false,
});

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tunebench-supervisor-'));
  workers = scriptedLauncher();
  failing = false;
  const store = openStore(path.join(folder, 'tunebench.sqlite'));
  context = {
    host: 'server',
    version: '0',
    store: {
      ...store,
      transaction(work) {
        if (failing === 'full') throw new TunebenchError('platform.diskFull', { path: store.path });
        if (failing)
          throw new TunebenchError('platform.databaseFailed', { path: store.path, detail: 'gone' });
        return store.transaction(work);
      },
    },
    dataFolder: openDataFolder(path.join(folder, 'home')),
    files: createEngineFiles(),
    setup: {
      backend: { kind: 'portable' },
      libraryVersion: '0',
      reason: { en: '', ko: '' },
      cuda: false,
      cudaReason: undefined,
    },
    launcher: workers.launcher,
    log: openLog(folder),
    samplesFolder: folder,
  };
});
afterEach(() => {
  context.dataFolder.release();
  context.store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a broken log ends the run and not the host; the next run trains, and the ended one when asked', async () => {
  insert('first', 1);
  insert('second', 2);
  const supervisor = new Supervisor(context, new ChangeSignal(), jobOf, true);
  supervisor.startNext();
  const first = await workers.next();
  await first.asked('train');
  failing = 'broken';
  first.prepare();
  const second = await workers.next();
  await second.asked('train');
  failing = false;
  expect(second.job.runId).toBe('second');
  second.prepare();
  second.finish('completed', 4);

  supervisor.enqueue('first');
  const again = await workers.next();
  await again.asked('train');
  expect(again.job.runId).toBe('first');
  again.finish('completed', 4);
});

test('on a full disk a run stands still with all it had to say, and goes on when there is room', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  insert('first', 1);
  const supervisor = new Supervisor(context, new ChangeSignal(), jobOf, true);
  supervisor.startNext();
  const worker = await workers.next();
  await worker.asked('train');
  worker.prepare();
  worker.step(1);
  failing = 'full';
  worker.tell({ event: 'checkpointed', step: 1, sizeBytes: 10 });
  await worker.asked('pause');
  expect(supervisor.blocked()).toMatchObject([{ runId: 'first', problem: { code: 'run.logDiskFull' } }]);
  expect(supervisor.tryAgain('first')).toBe(true);
  expect(worker.requests.map(({ kind }) => kind)).not.toContain('continue');
  worker.tell({ event: 'paused', step: 1 });
  vi.advanceTimersByTime(5_000);
  expect(worker.requests.map(({ kind }) => kind)).not.toContain('continue');
  failing = false;
  vi.advanceTimersByTime(5_000);
  await worker.asked('continue');
  expect(supervisor.blocked()).toEqual([]);
  const events = context.store.events.readAfter({ after: 0, runId: 'first' }).map(({ body }) => body.event);
  expect(events).toEqual(['started', 'prepared', 'stepped', 'checkpointed', 'paused']);
  worker.finish('completed', 4);
  vi.useRealTimers();
});

test('a run whose process waits for room is named, and tries again when told', async () => {
  insert('first', 1);
  const supervisor = new Supervisor(context, new ChangeSignal(), jobOf, true);
  supervisor.startNext();
  const worker = await workers.next();
  await worker.asked('train');
  worker.prepare();
  expect(supervisor.tryAgain('first')).toBe(false);
  const params = { folder: '/full/step-1', step: 1, needed: '2.0 MB', free: '3 B' };
  const problem = describeProblem('run.diskFull', params);
  worker.tell({ event: 'paused', step: 1, problem });
  expect(supervisor.blocked()).toEqual([{ runId: 'first', problem }]);
  expect(context.store.runs.get('first')).toMatchObject({ status: 'paused', problems: [problem] });
  expect(supervisor.tryAgain('first')).toBe(true);
  await worker.asked('continue');
  worker.tell({ event: 'resumed', step: 1 });
  expect(supervisor.blocked()).toEqual([]);
  expect(context.store.runs.get('first')).toMatchObject({ status: 'running', problems: [] });
  worker.finish('completed', 4);
});

test('as many runs train as there are slots, in the order of the queue, none before its time or while it is paused', async () => {
  for (const [index, id] of ['late', 'a', 'b', 'c'].entries()) insert(id, index + 1);
  context.store.runs.update('late', { notBefore: '2999-01-01T00:00:00.000Z' });
  context.store.settings.save({ queueSlots: 2, queuePaused: true });
  const supervisor = new Supervisor(context, new ChangeSignal(), jobOf, true);
  supervisor.startNext();
  const active = () => ['late', 'a', 'b', 'c'].filter((id) => supervisor.processOf(id) !== undefined);
  expect(active()).toEqual([]);
  moveInQueue(context.store, 'c', 0);
  context.store.settings.save({ queuePaused: false });
  supervisor.startNext();
  expect(active()).toEqual(['a', 'c']);
  const first = await workers.next();
  await first.asked('train');
  first.finish('completed', 4);
  await expect.poll(active).toEqual(['a', 'b']);
  for (const id of active()) supervisor.processOf(id)?.kill();
  await expect.poll(active).toEqual([]);
  expect(context.store.runs.get('late')).toMatchObject({ status: 'queued', startedAt: null });
  context.store.runs.update('late', { notBefore: null });
  supervisor.startNext();
  expect(active()).toEqual(['late']);
  supervisor.processOf('late')?.kill();
});

test('the queue knows how long it may sleep', () => {
  insert('night', 1);
  insert('evening', 2);
  context.store.runs.update('night', { notBefore: new Date(90_000).toISOString() });
  context.store.runs.update('evening', { notBefore: new Date(60_000).toISOString() });
  const waiting = waitingRuns(context.store);
  expect(chooseNext(waiting, 10_000)).toEqual({ run: undefined, waitMs: 50_000 });
  expect(chooseNext(waiting, 70_000)).toMatchObject({ run: { id: 'evening' } });
  expect(chooseNext(waiting, 90_000)).toMatchObject({ run: { id: 'night' } });
  expect(chooseNext([], 0)).toEqual({ run: undefined, waitMs: undefined });
});

test('a run whose job cannot be read fails by itself', async () => {
  insert('broken', 1);
  insert('whole', 2);
  const load = (runId: string) => {
    if (runId === 'broken') throw new TunebenchError('platform.missing', { path: 'job.json' });
    return jobOf(runId);
  };
  const supervisor = new Supervisor(context, new ChangeSignal(), load, true);
  supervisor.startNext();
  const worker = await workers.next();
  await worker.asked('train');
  expect(worker.job.runId).toBe('whole');
  expect(context.store.runs.get('broken')).toMatchObject({
    status: 'failed',
    problems: [{ code: 'platform.missing' }],
  });
  worker.finish('completed', 4);
});

test('a host that does not adopt leaves the queue of others alone', () => {
  insert('other', 1);
  insert('own', 2);
  const started: string[] = [];
  const load = (runId: string) => {
    started.push(runId);
    return jobOf(runId);
  };
  const supervisor = new Supervisor(context, new ChangeSignal(), load, false);
  supervisor.startNext();
  expect(started).toEqual([]);
  supervisor.enqueue('own');
  expect(started).toEqual(['own']);
  supervisor.processOf('own')?.kill();
});

test('a process about to save a checkpoint goes on once all it told is in the log, or when it is to stop', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
  insert('first', 1);
  const supervisor = new Supervisor(context, new ChangeSignal(), jobOf, true);
  supervisor.startNext();
  const worker = await workers.next();
  await worker.asked('train');
  worker.prepare();
  const answers = () => worker.requests.filter(({ kind }) => kind === 'logWritten').length;
  worker.step(1);
  expect(context.store.runs.get('first')?.step).toBe(0);
  worker.say({ kind: 'awaitsLog' });
  expect(context.store.runs.get('first')?.step).toBe(1);
  expect(answers()).toBe(1);

  failing = 'full';
  worker.step(2);
  worker.say({ kind: 'awaitsLog' });
  expect(answers()).toBe(1);
  failing = false;
  supervisor.tryAgain('first');
  expect(context.store.runs.get('first')?.step).toBe(2);
  expect(answers()).toBe(2);

  failing = 'full';
  worker.step(3);
  worker.say({ kind: 'awaitsLog' });
  supervisor.processOf('first')?.stop();
  expect(answers()).toBe(3);
  failing = false;
  vi.useRealTimers();
  worker.finish('stopped', 3);
  await supervisor.close(0);
});
