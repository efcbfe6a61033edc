import { describe, expect, test } from 'vitest';
import { describeProblem } from '../../src-main/contract/errors/index.ts';
import { openStore } from '../../src-main/store/store.ts';
import { exampleHead, exampleModel, exampleRecords, exampleRun } from './fixtures/examples.ts';
import { temporaryStore } from './temporaryStore.ts';

test('settings start with defaults and keep what is saved', () => {
  const store = temporaryStore();
  expect(store.settings.get()).toMatchObject({ language: 'system', theme: 'system' });
  expect(store.settings.save({ language: 'ko' })).toMatchObject({ language: 'ko', theme: 'system' });
  expect(store.settings.save({ theme: 'dark' })).toMatchObject({ language: 'ko', theme: 'dark' });
  expect(store.settings.get()).toMatchObject({ language: 'ko', theme: 'dark' });
});

test('models come back as they were given, newest first', () => {
  const store = temporaryStore();
  const second = { ...exampleModel, id: 'model-2' };
  store.models.insert(exampleModel);
  store.models.insert(second);
  expect(store.models.list()).toEqual([second, exampleModel]);
  expect(store.models.get('model-1')).toEqual(exampleModel);
  expect(store.models.get('absent')).toBeUndefined();
  expect(store.models.remove('model-1')).toBe(true);
  expect(store.models.remove('model-1')).toBe(false);
});

describe('datasets', () => {
  test('are seen once finished, with counts', () => {
    const store = temporaryStore();
    const writer = store.datasets.startImport(exampleHead);
    writer.append(exampleRecords(7));
    writer.append(exampleRecords(4, 7));
    expect(store.datasets.list()).toEqual([]);
    expect(store.datasets.get('dataset-1')).toBeUndefined();
    const summary = writer.finish('hash');
    expect(summary).toEqual({
      ...exampleHead,
      versionHash: 'hash',
      rows: 11,
      rowsBySplit: { train: 7, validation: 2, test: 2 },
      labels: [
        { label: 'label 0', count: 4 },
        { label: 'label 1', count: 4 },
        { label: 'label 2', count: 3 },
      ],
    });
    expect(store.datasets.get('dataset-1')).toEqual(summary);
    expect([...store.datasets.allRows('dataset-1')]).toEqual(
      exampleRecords(11).map((record, position) => ({ position, ...record })),
    );
  });

  test('page by split and over all', () => {
    const store = temporaryStore();
    for (const id of ['other', 'dataset-1']) {
      const writer = store.datasets.startImport({ ...exampleHead, id });
      writer.append(exampleRecords(2503));
      writer.finish('hash');
    }
    const all = exampleRecords(2503).map((record, position) => ({ position, ...record }));
    const validation = all.filter(({ split }) => split === 'validation');
    const page = (query: { split?: 'validation'; offset: number; limit: number }) =>
      store.datasets.rows({ id: 'dataset-1', ...query });
    expect(page({ offset: 2500, limit: 50 })).toEqual({ total: 2503, rows: all.slice(2500) });
    expect(page({ split: 'validation', offset: 490, limit: 5 })).toEqual({
      total: validation.length,
      rows: validation.slice(490, 495),
    });
    expect(page({ split: 'validation', offset: 5000, limit: 5 }).rows).toEqual([]);
    expect(store.datasets.rows({ id: 'absent', offset: 0, limit: 5 })).toEqual({ total: 0, rows: [] });
    expect([...store.datasets.allRows('dataset-1')]).toEqual(all);
  });

  test('can be read while something else is written', () => {
    const store = temporaryStore();
    const writer = store.datasets.startImport(exampleHead);
    writer.append(exampleRecords(1500));
    writer.finish('hash');
    let rows = 0;
    for (const row of store.datasets.allRows('dataset-1')) {
      if (row.position % 500 === 0) store.settings.save({ theme: 'dark' });
      rows++;
    }
    expect(rows).toBe(1500);
  });

  test('leave nothing when abandoned, removed, or cut short by a crash', () => {
    const store = temporaryStore();
    const abandoned = store.datasets.startImport(exampleHead);
    abandoned.append(exampleRecords(10));
    abandoned.abandon();
    const removed = store.datasets.startImport(exampleHead);
    removed.append(exampleRecords(10));
    removed.finish('hash');
    expect(store.datasets.remove('dataset-1')).toBe(true);
    expect(store.datasets.remove('dataset-1')).toBe(false);
    const cutShort = store.datasets.startImport(exampleHead);
    cutShort.append(exampleRecords(10));
    store.close();
    const again = openStore(store.path);
    const writer = again.datasets.startImport(exampleHead);
    expect(writer.finish('empty').rows).toBe(0);
    expect([...again.datasets.allRows('dataset-1')]).toEqual([]);
    again.close();
  });
});

describe('runs', () => {
  test('start queued and change as told', () => {
    const store = temporaryStore();
    store.runs.insert(exampleRun);
    const fresh = {
      ...exampleRun,
      status: 'queued',
      startedAt: null,
      endedAt: null,
      step: 0,
      totalSteps: null,
      trainableParameters: null,
      totalParameters: null,
      metrics: {},
      problems: [],
      labels: [],
      confusion: null,
      lastSequence: 0,
      rowsPerSecond: null,
      peakMemoryBytes: null,
      notes: '',
      tags: [],
      starred: false,
      archived: false,
      group: null,
      project: null,
      queuePosition: null,
      elapsedMs: null,
      notBefore: null,
      removedAt: null,
    };
    expect(store.runs.get('run-1')).toEqual(fresh);
    const problem = describeProblem('platform.workerKilled', { signal: 'SIGKILL' });
    const confusion = { labels: ['a'], counts: [[1]] };
    expect(store.runs.update('run-1', { status: 'running', metrics: { 'train.loss': 2 }, confusion })).toBe(
      true,
    );
    store.runs.update('run-1', { metrics: { 'validation.accuracy': 0.5 }, problems: [problem], step: 3 });
    const { sequence } = store.events.append('run-1', { event: 'queued' });
    expect(store.runs.get('run-1')).toEqual({
      ...fresh,
      status: 'running',
      step: 3,
      metrics: { 'train.loss': 2, 'validation.accuracy': 0.5 },
      problems: [problem],
      confusion,
      lastSequence: sequence,
    });
    store.runs.update('run-1', { confusion: null, startedAt: 'now' });
    store.runs.update('run-1', { startedAt: null });
    expect(store.runs.get('run-1')).toMatchObject({ confusion: null, startedAt: null });
    expect(store.runs.update('absent', { step: 1 })).toBe(false);
    expect(store.runs.list().map(({ id }) => id)).toEqual(['run-1']);
  });

  test('keep what a person adds, and leave the list when thrown away', () => {
    const store = temporaryStore();
    store.runs.insert({ ...exampleRun, parentRunId: 'gone' });
    const added = { notes: '# 메모', tags: ['baseline', '둘째'], starred: true, archived: true };
    store.runs.update('run-1', added);
    store.runs.update('run-1', { step: 2 });
    expect(store.runs.list()).toMatchObject([
      { tags: added.tags, starred: true, archived: true, parentRunId: 'gone', step: 2 },
    ]);
    store.runs.update('run-1', { removedAt: '2026-01-02T00:00:00.000Z' });
    expect(store.runs.list()).toEqual([]);
    expect(store.runs.listRemoved()).toMatchObject([{ id: 'run-1' }]);
    expect(store.runs.get('run-1')).toMatchObject(added);
    store.runs.update('run-1', { removedAt: null });
    expect(store.runs.list()).toHaveLength(1);
    expect(store.runs.listRemoved()).toEqual([]);
  });

  test('take their events and metrics with them', () => {
    const store = temporaryStore();
    store.runs.insert(exampleRun);
    store.runs.insert({ ...exampleRun, id: 'run-2' });
    const { sequence } = store.events.append('run-1', { event: 'queued' });
    store.metrics.append('run-1', 1, { loss: 1 });
    expect(store.runs.remove('run-1')).toBe(true);
    expect(store.events.readAfter({ after: 0 })).toEqual([]);
    expect(store.metrics.names('run-1')).toEqual([]);
    expect(store.events.append('run-2', { event: 'queued' }).sequence).toBeGreaterThan(sequence);
    expect(() => store.events.append('run-1', { event: 'queued' })).toThrow(/FOREIGN KEY/);
  });

  test('left alive by a host that died become interrupted, the others stay', () => {
    const store = temporaryStore();
    const statuses = ['queued', 'preparing', 'running', 'paused', 'completed', 'stopped', 'failed'] as const;
    for (const status of statuses) {
      store.runs.insert({ ...exampleRun, id: status });
      store.runs.update(status, { status, step: 4 });
    }
    const left = store.runs.markInterrupted(({ name, step }) =>
      describeProblem('run.hostEnded', { name, step }),
    );
    expect(left.map(({ id }) => id).sort()).toEqual(['paused', 'preparing', 'running']);
    for (const status of statuses) {
      const changed = ['preparing', 'running', 'paused'].includes(status);
      expect(store.runs.get(status)?.status).toBe(changed ? 'interrupted' : status);
    }
    expect(store.runs.get('running')?.problems[0]?.message).toContain('at step 4');
    expect(store.runs.get('running')?.endedAt).not.toBeNull();
    expect(store.events.readAfter({ after: 0 }).map(({ body }) => body.event)).toEqual(
      Array(3).fill('interrupted'),
    );
    expect(store.runs.markInterrupted(() => describeProblem('common.cancelled'))).toEqual([]);
  });
});

test('events are numbered over all runs and read from a cursor', () => {
  const store = temporaryStore();
  store.runs.insert(exampleRun);
  store.runs.insert({ ...exampleRun, id: 'run-2' });
  const given = Array.from({ length: 10 }, (_, index) =>
    store.events.append(`run-${(index % 2) + 1}`, { event: 'paused', step: index }, `time ${index}`),
  );
  const numbers = given.map(({ sequence }) => sequence);
  expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
  expect(new Set(numbers).size).toBe(10);
  expect(store.events.readAfter({ after: 0 })).toEqual(given);
  expect(store.events.readAfter({ after: numbers[3] ?? 0, runId: 'run-2' })).toEqual(
    given.slice(4).filter(({ runId }) => runId === 'run-2'),
  );
  expect(store.events.readAfter({ after: 0, limit: 3 })).toEqual(given.slice(0, 3));
  expect(store.events.lastSequence()).toBe(numbers[9]);
  expect(store.events.lastSequence('run-1')).toBe(numbers[8]);
  expect(store.events.lastSequence('absent')).toBe(0);
});

test('a transaction happens whole or not at all, nested ones too', () => {
  const store = temporaryStore();
  store.runs.insert(exampleRun);
  expect(() =>
    store.transaction(() => {
      store.events.append('run-1', { event: 'queued' });
      store.runs.update('run-1', { step: 9 });
      store.metrics.append('run-1', 1, { loss: 1 });
      throw new Error('no');
    }),
  ).toThrow();
  expect(store.runs.get('run-1')).toMatchObject({ step: 0, lastSequence: 0 });
  expect(store.metrics.names('run-1')).toEqual([]);
});
