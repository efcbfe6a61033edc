import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TunebenchError } from '../../../src-main/contract/errors/index.ts';
import type { TrainJob } from '../../../src-main/contract/worker.ts';
import { createEngineFiles, openDataFolder, openLog } from '../../../src-main/platform/index.ts';
import { ChangeSignal } from '../../../src-main/services/changeSignal.ts';
import type { ServiceContext } from '../../../src-main/services/context.ts';
import { Supervisor } from '../../../src-main/services/runs/supervisor.ts';
import { openStore } from '../../../src-main/store/store.ts';
import { scriptedLauncher } from '../../contract/scriptedWorker.ts';

let folder: string;
let context: ServiceContext;
let workers: ReturnType<typeof scriptedLauncher>;
let failing = false;

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
        if (failing) throw new TunebenchError('platform.diskFull', { path: store.path });
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

test('a full disk ends the run and not the host; the next run trains, and the ended one when asked', async () => {
  insert('first', 1);
  insert('second', 2);
  const supervisor = new Supervisor(context, new ChangeSignal(), jobOf, true);
  supervisor.startNext();
  const first = await workers.next();
  await first.asked('train');
  failing = true;
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
