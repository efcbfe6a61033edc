import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { describeProblem, TunebenchError } from '../../src-main/contract/errors/index.ts';
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
