import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { SharedList } from '../../src-main/contract/system.ts';
import { type Store, openStore } from '../../src-main/store/store.ts';
import { exampleHead, exampleModel, exampleRecords, exampleRun } from './fixtures/examples.ts';
import { temporaryFolder } from './temporaryStore.ts';

let store: Store;
let told: SharedList[][];

beforeEach(() => {
  told = [];
  store = openStore(join(temporaryFolder(), 'tunebench.sqlite'), {
    onChanged: (lists) => told.push([...lists]),
  });
  store.runs.insert(exampleRun);
  told = [];
});

test.each<[string, SharedList, (store: Store) => unknown]>([
  ['settings saved', 'settings', (store) => store.settings.save({ queuePaused: true })],
  ['a model added', 'models', (store) => store.models.insert(exampleModel)],
  ['a run added', 'runs', (store) => store.runs.insert({ ...exampleRun, id: 'run-2' })],
  ['a run renamed', 'runs', (store) => store.runs.update('run-1', { name: 'new' })],
  ['a run put into the bin', 'runs', (store) => store.runs.update('run-1', { removedAt: 'now' })],
  ['a run that begins', 'runs', (store) => store.runs.update('run-1', { status: 'running', step: 0 })],
  ['a run deleted', 'runs', (store) => store.runs.remove('run-1')],
  [
    'a dataset imported',
    'datasets',
    (store) => {
      const writer = store.datasets.startImport(exampleHead);
      writer.append(exampleRecords(3));
      writer.finish('hash');
    },
  ],
])('%s is told once', (_, list, change) => {
  change(store);
  expect(told).toEqual([[list]]);
});

test('removing a model or a dataset is told, removing none is not', () => {
  store.models.insert(exampleModel);
  const writer = store.datasets.startImport(exampleHead);
  writer.finish('hash');
  told = [];
  store.models.remove('nobody');
  store.datasets.remove('nobody');
  store.runs.remove('nobody');
  expect(told).toEqual([]);
  store.models.remove(exampleModel.id);
  store.datasets.remove(exampleHead.id);
  expect(told).toEqual([['models'], ['datasets']]);
});

test('the steps of a run are not told: whoever wants them follows its events', () => {
  store.runs.update('run-1', { step: 2, totalSteps: 4, elapsedMs: 10, metrics: { 'train.loss': 1 } });
  expect(told).toEqual([]);
});

test('a transaction tells when it is over, of each list once, and of nothing where it is undone', () => {
  store.transaction(() => {
    store.runs.update('run-1', { name: 'first' });
    store.transaction(() => void store.runs.update('run-1', { name: 'second' }));
    store.settings.save({ queuePaused: true });
    expect(told).toEqual([]);
  });
  expect(told).toEqual([['runs', 'settings']]);

  const undone = () =>
    store.transaction(() => {
      store.runs.update('run-1', { name: 'third' });
      throw new Error('undone');
    });
  expect(undone).toThrow('undone');
  store.models.insert(exampleModel);
  expect(told).toEqual([['runs', 'settings'], ['models']]);
});
