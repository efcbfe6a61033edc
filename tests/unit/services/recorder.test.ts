import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { TunebenchError, describeProblem } from '../../../src-main/contract/errors/index.ts';
import type { RunEventBody } from '../../../src-main/contract/events.ts';
import { ChangeSignal } from '../../../src-main/services/changeSignal.ts';
import { RunRecorder } from '../../../src-main/services/runs/recorder.ts';
import { type Store, openStore } from '../../../src-main/store/store.ts';
import { exampleSample } from '../../store/fixtures/examples.ts';

let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tunebench-recorder-'));
  store = openStore(path.join(folder, 'tunebench.sqlite'));
  store.runs.insert({
    id: 'run',
    name: 'run',
    task: 'classification',
    methodId: 'lora',
    modelId: 'model',
    modelName: 'model',
    datasetId: 'dataset',
    datasetName: 'dataset',
    createdAt: new Date(0).toISOString(),
    config: {
      modelId: 'model',
      datasetId: 'dataset',
      task: 'classification',
      objective: {},
      method: { id: 'lora', options: {} },
      training: {},
    },
    datasetHash: '',
    modelHash: '',
    versions: {},
    parentRunId: null,
  });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function stepped(step: number, loss: number): Extract<RunEventBody, { event: 'stepped' }> {
  return {
    event: 'stepped',
    step,
    totalSteps: 9,
    epoch: 0,
    metrics: { loss },
    memoryBytes: 0,
    elapsedMs: 0,
    remainingMs: 0,
  };
}

const names = () => store.events.readAfter({ after: 0, runId: 'run' }).map((event) => event.body.event);

test('steps are gathered, and everything else takes them along at once', () => {
  const changes = new ChangeSignal();
  const recorder = new RunRecorder(store, changes, 'run');
  recorder.record(stepped(1, 0.9));
  recorder.record(stepped(2, 0.8));
  expect(names()).toEqual([]);
  expect(changes.version).toBe(0);
  recorder.record({ event: 'checkpointed', step: 2, sizeBytes: 1 });
  expect(names()).toEqual(['stepped', 'stepped', 'checkpointed']);
  expect(changes.version).toBe(1);
  expect(store.runs.get('run')).toMatchObject({ step: 2, metrics: { 'train.loss': 0.8 } });
});

test('nothing is announced that is not stored, and nothing is lost when storing fails once', () => {
  const changes = new ChangeSignal();
  let failing = true;
  const failingStore: Store = {
    ...store,
    transaction(work) {
      if (failing) throw new TunebenchError('platform.diskFull', { path: store.path });
      return store.transaction(work);
    },
  };
  const recorder = new RunRecorder(failingStore, changes, 'run');
  recorder.record(stepped(1, 0.9));
  expect(() => recorder.record({ event: 'checkpointed', step: 1, sizeBytes: 1 })).toThrow('full');
  expect(changes.version).toBe(0);
  expect(names()).toEqual([]);
  failing = false;
  recorder.record({ event: 'paused', step: 1 });
  expect(names()).toEqual(['stepped', 'checkpointed', 'paused']);
  expect(store.runs.get('run')?.status).toBe('paused');
});

test('going on from a checkpoint forgets the curve and the samples after it', () => {
  const recorder = new RunRecorder(store, new ChangeSignal(), 'run');
  for (const step of [1, 2, 3, 4]) recorder.record(stepped(step, 1 / step));
  for (const step of [0, 2, 4]) recorder.record({ event: 'sampled', step, samples: [exampleSample] });
  expect(store.samples.steps('run')).toEqual([0, 2, 4]);
  recorder.record({ event: 'started', device: 'CPU', resumedFromStep: 2 });
  expect(store.samples.steps('run')).toEqual([0, 2]);
  const series = store.metrics.series({ runId: 'run', metrics: ['train.loss'], maximumPoints: 100 });
  expect(series[0]?.points.map((point) => point.step)).toEqual([1, 2]);
  // From the start, where no checkpoint was whole.
  recorder.record({ event: 'started', device: 'CPU', resumedFromStep: null });
  expect(store.samples.steps('run')).toEqual([]);
});

test('how long a run took does not depend on the clock on the wall, and adds up over its sessions', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.parse('2030-01-01T00:00:00Z') });
  onTestFinished(() => void vi.useRealTimers());
  const interrupted: RunEventBody = {
    event: 'interrupted',
    problem: describeProblem('run.hostEnded', { name: 'run', step: 1 }),
  };
  const first = new RunRecorder(store, new ChangeSignal(), 'run');
  first.record({ event: 'started', device: 'cpu', resumedFromStep: null });
  vi.advanceTimersByTime(3_000);
  vi.setSystemTime('2029-06-01T00:00:00Z');
  first.record(interrupted);
  expect(store.runs.get('run')?.elapsedMs).toBe(3_000);

  vi.setSystemTime('2031-01-01T00:00:00Z');
  vi.advanceTimersByTime(60_000);
  const second = new RunRecorder(store, new ChangeSignal(), 'run');
  second.record({ event: 'queued' });
  second.record({ event: 'started', device: 'cpu', resumedFromStep: 1 });
  vi.advanceTimersByTime(2_000);
  second.record({ event: 'checkpointed', step: 1, sizeBytes: 1 });
  expect(store.runs.get('run')?.elapsedMs).toBe(5_000);
});

test('a clock that is set back does not turn the curves over the time of day round', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2030-01-01T00:00:10Z') });
  onTestFinished(() => void vi.useRealTimers());
  const at = (time: string, recorder: RunRecorder, step: number) => {
    vi.setSystemTime(time);
    recorder.record(stepped(step, 1));
    recorder.flush();
  };
  const first = new RunRecorder(store, new ChangeSignal(), 'run');
  at('2030-01-01T00:00:10Z', first, 1);
  at('2029-01-01T00:00:00Z', first, 2);
  const second = new RunRecorder(store, new ChangeSignal(), 'run');
  at('2029-01-01T00:00:01Z', second, 3);
  at('2030-01-01T00:00:20Z', second, 4);
  const query = { metrics: ['train.loss'], axis: 'wallSeconds' as const, maximumPoints: 100 };
  const [series] = store.metrics.series({ runId: 'run', ...query });
  const startSeconds = Date.parse('2030-01-01T00:00:10Z') / 1000;
  const places = series?.points.map(({ place }) => (place ?? 0) - startSeconds);
  expect(places).toEqual([...(places ?? [])].sort((a, b) => a - b));
  expect([places?.[0], places?.at(-1)]).toEqual([0, 10]);
});

test('the load of each is a series of its own, and what was measured once stands at the start', () => {
  const recorder = new RunRecorder(store, new ChangeSignal(), 'run');
  recorder.record({ event: 'textsMeasured', metrics: { unknownShare: 0.25 } });
  recorder.record({ ...stepped(1, 2), load: { process: 0.5, machine: 0.75 } });
  recorder.record(stepped(2, 2));
  recorder.flush();
  const metrics = ['process.load', 'machine.load', 'gpu.load', 'texts.unknownShare'];
  const series = store.metrics.series({ runId: 'run', metrics, maximumPoints: 10 });
  const found = series.map(({ metric, points }) => [metric, points.map(({ step, last }) => [step, last])]);
  expect(Object.fromEntries(found)).toEqual({
    'process.load': [[1, 0.5]],
    'machine.load': [[1, 0.75]],
    'texts.unknownShare': [[0, 0.25]],
  });
});
