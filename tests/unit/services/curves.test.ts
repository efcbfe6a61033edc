import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCurves } from '../../../src-main/services/runs/curves.ts';
import { type Store, openStore } from '../../../src-main/store/store.ts';
import { exampleRun } from '../../store/fixtures/examples.ts';

let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tunebench-curves-'));
  store = openStore(path.join(folder, 'tunebench.sqlite'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A run that has learned from one step to another; its values tell the runs apart. */
function addRun(
  id: string,
  steps: { from: number; to: number; value: number },
  fork?: { parent: string; step?: number },
): void {
  store.runs.insert({ ...exampleRun, id, name: `The ${id}`, parentRunId: fork?.parent ?? null });
  store.events.append(id, {
    event: 'queued',
    ...(fork?.step === undefined ? {} : { fromStep: fork.step }),
  });
  for (let step = steps.from; step <= steps.to; step++) {
    store.metrics.append(id, step, { 'train.loss': steps.value, 'axis.epoch': step / 10 });
  }
}

const readAll = (runId: string, query = {}) =>
  [...readCurves(store, { runId, maximumPoints: 100, ...query })].map(({ inheritedFrom, points }) => [
    inheritedFrom?.name ?? 'own',
    points[0]?.step,
    points.at(-1)?.step,
    points[0]?.last,
  ]);

test('a fork begins with the curve of its parent up to the fork, and with that of the one before', () => {
  addRun('first', { from: 1, to: 20, value: 1 });
  addRun('second', { from: 9, to: 20, value: 2 }, { parent: 'first', step: 8 });
  addRun('third', { from: 13, to: 20, value: 3 }, { parent: 'second', step: 12 });
  expect(readAll('first')).toEqual([['own', 1, 20, 1]]);
  expect(readAll('second')).toEqual([
    ['own', 9, 20, 2],
    ['The first', 1, 8, 1],
  ]);
  expect(readAll('third')).toEqual([
    ['own', 13, 20, 3],
    ['The second', 9, 12, 2],
    ['The first', 1, 8, 1],
  ]);
  expect(readAll('third', { toStep: 10 })).toEqual([
    ['own', undefined, undefined, undefined],
    ['The second', 9, 10, 2],
    ['The first', 1, 8, 1],
  ]);
  // Along another axis, and only what is in view.
  const along = [...readCurves(store, { runId: 'second', maximumPoints: 100, axis: 'epoch', from: 0.5 })];
  expect(along.map(({ points }) => points[0]?.place)).toEqual([0.9, 0.5]);
});

test('a child that begins anew takes over nothing, and neither does a fork whose parent is gone', () => {
  addRun('first', { from: 1, to: 4, value: 1 });
  addRun('again', { from: 1, to: 4, value: 2 }, { parent: 'first' });
  expect(readAll('again')).toEqual([['own', 1, 4, 2]]);
  addRun('fork', { from: 3, to: 4, value: 3 }, { parent: 'first', step: 2 });
  store.runs.update('first', { removedAt: 'now' });
  expect(readAll('fork')).toHaveLength(2);
  store.runs.remove('first');
  expect(readAll('fork')).toEqual([['own', 3, 4, 3]]);
});

test('what a parent learned anew behind a step it went back to was not taken over', () => {
  addRun('first', { from: 1, to: 20, value: 1 });
  store.events.append('first', { event: 'queued', fromStep: 3 });
  addRun('fork', { from: 11, to: 20, value: 2 }, { parent: 'first', step: 10 });
  expect(readAll('fork')[1]).toEqual(['The first', 1, 10, 1]);
  store.events.append('first', { event: 'queued', fromStep: 6, undone: [] });
  expect(readAll('fork')[1]).toEqual(['The first', 1, 6, 1]);
});

test('a fork that went back to a checkpoint before its own beginning has its own curve from there', () => {
  addRun('first', { from: 1, to: 20, value: 1 });
  addRun('fork', { from: 5, to: 20, value: 2 }, { parent: 'first', step: 10 });
  store.events.append('fork', { event: 'queued', fromStep: 4, undone: [] });
  expect(readAll('fork')).toEqual([
    ['own', 5, 20, 2],
    ['The first', 1, 4, 1],
  ]);
});
