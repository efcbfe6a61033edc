import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { describeProblem, TunebenchError } from '../../src-main/contract/errors/index.ts';
import { moveInQueue } from '../../src-main/services/runs/queue.ts';
import { type Store, openStore } from '../../src-main/store/store.ts';
import { exampleHead, exampleModel, exampleRecords, exampleRun } from './fixtures/examples.ts';
import { temporaryFolder } from './temporaryStore.ts';

/** Everything a person can see of a store. */
function look(store: Store): unknown {
  return {
    settings: store.settings.get(),
    models: store.models.list(),
    datasets: store.datasets.list().map((summary) => [summary, [...store.datasets.allRows(summary.id)]]),
    runs: store.runs.list().map(({ id }) => store.runs.get(id)),
    events: store.events.readAfter({ after: 0 }),
    series: store.metrics.series({ runId: 'run-1', maximumPoints: 100 }),
  };
}

function prepare(store: Store): void {
  store.runs.insert(exampleRun);
  store.runs.update('run-1', { status: 'running' });
  for (const [index, id] of ['first', 'second', 'third'].entries()) {
    store.runs.insert({ ...exampleRun, id });
    store.runs.update(id, { queuePosition: index + 1 });
  }
}

const uses: [string, (store: Store) => void][] = [
  ['saving settings', (store) => store.settings.save({ language: 'en', theme: 'light' })],
  ['adding a model', (store) => store.models.insert(exampleModel)],
  [
    'importing a dataset',
    (store) => {
      const writer = store.datasets.startImport(exampleHead);
      writer.append(exampleRecords(3));
      writer.append(exampleRecords(3, 3));
      writer.finish('hash');
    },
  ],
  [
    'recording a step',
    (store) =>
      store.transaction(() => {
        store.metrics.append('run-1', 1, { loss: 1, accuracy: 0.5 });
        store.runs.update('run-1', { step: 1 });
        store.events.append('run-1', { event: 'paused', step: 1 }, 'now');
      }),
  ],
  [
    'marking interrupted runs',
    (store) => store.runs.markInterrupted(() => describeProblem('common.cancelled'), 'now'),
  ],
  [
    'moving a waiting run',
    (store) => {
      moveInQueue(store, 'third', 0);
    },
  ],
  [
    'steering a run',
    (store) =>
      store.events.append(
        'run-1',
        { event: 'steered', id: 'a', step: 1, change: { kind: 'evaluation' } },
        'now',
      ),
  ],
  ['removing a run', (store) => store.runs.remove('run-1')],
];

test.each(uses)('%s happens whole or not at all, whatever statement fails', (_, use) => {
  const folder = temporaryFolder();
  const done = openStore(join(folder, 'done.sqlite'));
  prepare(done);
  const before = look(done);
  use(done);
  const after = look(done);
  done.close();
  expect(after).not.toEqual(before);

  for (let at = 1; ; at++) {
    const path = join(folder, `${at}.sqlite`);
    let calls = 0;
    let armed = false;
    const store = openStore(path, {
      beforeCall() {
        if (!armed) return;
        calls++;
        if (calls === at) throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
      },
    });
    prepare(store);
    armed = true;
    let failure: unknown;
    try {
      use(store);
    } catch (error) {
      failure = error;
    }
    armed = false;
    expect(look(store)).toEqual(failure === undefined ? after : before);
    store.close();
    const again = openStore(path);
    expect(look(again)).toEqual(failure === undefined ? after : before);
    again.close();
    if (calls < at) {
      expect(failure).toBeUndefined();
      expect(at).toBeGreaterThan(1);
      break;
    }
    expect(failure).toBeInstanceOf(TunebenchError);
    expect(failure).toMatchObject({ code: 'platform.diskFull' });
  }
});

/** Points after which the rows of a series move into a block. */
const packedAt = 8_192;

test.each([
  [
    'a point that moves rows into a block',
    packedAt - 1,
    (store: Store) => store.metrics.append('run-1', packedAt, { loss: packedAt }),
  ],
  [
    'forgetting what came after a step inside a block',
    packedAt,
    (store: Store) => store.metrics.removeAfter('run-1', 4_000),
  ],
])('%s happens whole or not at all', (_, count, use) => {
  const folder = temporaryFolder();
  let left = Infinity;
  let calls = 0;
  const store = openStore(join(folder, 'log.sqlite'), {
    beforeCall() {
      calls++;
      if (--left === 0) throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR');
    },
  });
  store.runs.insert(exampleRun);
  store.transaction(() => {
    for (let step = 1; step <= count; step++) store.metrics.append('run-1', step, { loss: step });
  });
  const points = () =>
    [...store.metrics.points('run-1')].map(({ steps, values }) => [Array.from(steps), Array.from(values)]);
  const before = points();
  // The first calls one by one, then ever wider apart: a block is taken apart in thousands of calls.
  for (let at = 1, step = 1; ; at += step, step = at < 12 ? 1 : step * 2) {
    left = at;
    let failed = false;
    try {
      use(store);
    } catch {
      failed = true;
    }
    left = Infinity;
    if (!failed) break;
    expect(points()).toEqual(before);
  }
  expect(points()).not.toEqual(before);
  expect(calls).toBeGreaterThan(0);
  store.close();
  const check = new Database(join(folder, 'log.sqlite'));
  expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
  check.close();
});
