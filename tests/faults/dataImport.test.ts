import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { importDataset } from '../../src-main/services/datasets/importDataset.ts';
import { openStore } from '../../src-main/store/store.ts';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunebench-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(
    join(folder, 'rows.csv'),
    `text,label\n${Array.from({ length: 6000 }, (_, row) => `row ${row},${row % 2}\n`).join('')}`,
  );
  return folder;
}

const inputOf = (folder: string) => ({
  files: [{ path: join(folder, 'rows.csv') }],
  options: {},
  mapping: { roles: { text: 'text', label: 'label' } },
  validationShare: 0.1,
  testShare: 0,
  seed: 0,
  skipBadRows: false,
});

/** What is left of datasets in a database file. */
function leftIn(path: string): { datasets: number; chunks: number; rows: unknown; sound: unknown } {
  const database = new Database(path, { readonly: true });
  const count = (table: string) =>
    database.prepare<[], { count: number }>(`SELECT count(*) AS count FROM ${table}`).get()?.count ?? -1;
  const left = {
    datasets: count('datasets'),
    chunks: count('rowChunks'),
    rows: database.prepare('SELECT coalesce(sum(length(splits)), 0) FROM datasetChunks').pluck().get(),
    sound: database.pragma('integrity_check', { simple: true }),
  };
  database.close();
  return left;
}
const nothing = { datasets: 0, chunks: 0, rows: 0, sound: 'ok' };

test.each([['once'], ['from then on']])(
  'an import whose i-th write fails (%s) leaves nothing behind, for every i',
  async (how) => {
    const folder = makeFolder();
    for (let at = 1; ; at++) {
      const path = join(folder, `${at}.sqlite`);
      let calls = 0;
      let armed = false;
      const store = openStore(path, {
        beforeCall(sql) {
          if (!armed || /^SELECT/i.test(sql)) return;
          calls++;
          if (how === 'once' ? calls === at : calls >= at) {
            throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
          }
        },
      });

      // Every chunk of rows is two writes: each of the first fails once, then one in ten.
      armed = true;
      const control = { signal: new AbortController().signal, progress: () => undefined };
      const outcome: unknown = await importDataset({ store }, inputOf(folder), 'file', control).catch(
        (error: unknown) => error,
      );
      armed = false;
      store.close();
      openStore(path).close();
      if (calls < at) {
        expect(outcome).toMatchObject({ rows: 6000 });
        expect(leftIn(path)).toMatchObject({ datasets: 1, rows: 6000, sound: 'ok' });
        break;
      }
      expect(outcome).toMatchObject({ code: 'platform.diskFull' });
      expect(leftIn(path)).toEqual(nothing);
      if (at > 10) at += 19;
    }
  },
);

test('an import that is cancelled, early or late, leaves nothing behind', async () => {
  const folder = makeFolder();
  const path = join(folder, 'cancelled.sqlite');
  const store = openStore(path);
  for (let cancelAt = 1; cancelAt <= 40; cancelAt++) {
    const stop = new AbortController();
    let reports = 0;
    const control = {
      signal: stop.signal,
      progress: () => {
        if (++reports === cancelAt) stop.abort();
      },
    };
    const outcome: unknown = await importDataset({ store }, inputOf(folder), 'file', control).catch(
      () => 'refused',
    );
    if (reports < cancelAt) {
      expect(outcome).toMatchObject({ rows: 6000 });
      expect(cancelAt).toBeGreaterThan(5);
      break;
    }
    expect(outcome).toBe('refused');
    expect(store.datasets.list()).toEqual([]);
  }
  store.close();
  expect(leftIn(path)).toMatchObject({ datasets: 1, sound: 'ok' });
});
