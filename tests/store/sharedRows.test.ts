import Database from 'better-sqlite3';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cutRows, readChunk } from '../../src-main/store/rowChunks.ts';
import { type Store, openStore } from '../../src-main/store/store.ts';
import type { NewRecord } from '../../src-main/store/types.ts';
import { exampleHead, exampleRecords } from './fixtures/examples.ts';
import { temporaryFolder, temporaryStore } from './temporaryStore.ts';

function addVersion(store: Store, id: string, records: readonly NewRecord[], batch = 700): void {
  const writer = store.datasets.startImport({ ...exampleHead, id });
  for (let first = 0; first < records.length; first += batch)
    writer.append(records.slice(first, first + batch));
  writer.finish(`hash of ${id}`);
}

/** How many chunks the database holds, and the characters of rows in them. */
function held(store: Store): { chunks: number; characters: number } {
  const database = new Database(store.path, { readonly: true });
  const row = database
    .prepare<[], { chunks: number; characters: number }>(
      'SELECT count(*) AS chunks, coalesce(sum(length(rows)), 0) AS characters FROM rowChunks',
    )
    .get();
  expect(database.pragma('foreign_key_check')).toEqual([]);
  database.close();
  return row ?? { chunks: -1, characters: -1 };
}

const recordsOf = (store: Store, id: string) => [...store.datasets.allRecords(id)];

test('rows are cut in the same places whatever the batches, and read back as they were', () => {
  const rows = exampleRecords(3000).map(({ fields }) => JSON.stringify(fields));
  const whole = cutRows(rows, true);
  expect(whole.flatMap(({ text }) => readChunk(text))).toEqual(rows.map((row): unknown => JSON.parse(row)));
  expect(whole.length).toBeGreaterThan(8);
  expect(Math.max(...whole.map((chunk) => chunk.rows))).toBeLessThanOrEqual(512);
  const left = cutRows(rows.slice(0, 1700), false);
  const used = left.reduce((sum, chunk) => sum + chunk.rows, 0);
  expect(used).toBeLessThan(1700);
  expect([...left, ...cutRows(rows.slice(used), true)]).toEqual(whole);
  const long = cutRows(Array.from({ length: 10 }, (_, row) => JSON.stringify({ text: 'x'.repeat(100_000) + row })), true); // prettier-ignore
  expect(long.map((chunk) => chunk.rows)).toEqual([3, 3, 3, 1]);
  expect(cutRows([], true)).toEqual([]);
});

test('a version writes only what it changed', () => {
  const store = temporaryStore();
  const first = exampleRecords(8000);
  addVersion(store, 'first', first);
  const once = held(store);

  addVersion(store, 'same', first, 5000);
  expect(held(store)).toEqual(once);

  const split = first.map(
    ({ fields }, row) => ({ split: row % 2 === 0 ? 'train' : 'test', fields }) as const,
  );
  addVersion(store, 'split', split);
  expect(held(store)).toEqual(once);

  const relabelled = first.map((record, row) =>
    row === 3000 ? { ...record, fields: { ...record.fields, label: 'another' } } : record,
  );
  addVersion(store, 'relabelled', relabelled);
  expect(held(store).chunks - once.chunks).toBeLessThanOrEqual(3);

  const shortened = first.filter((_, row) => row !== 3 && row !== 5000);
  addVersion(store, 'shortened', shortened);
  expect(held(store).characters).toBeLessThan(once.characters * 1.3);

  for (const [id, records] of Object.entries({ first, same: first, split, relabelled, shortened })) {
    expect(recordsOf(store, id)).toEqual(records);
  }
});

test('what no version names any more is gone, and nothing else', () => {
  const store = temporaryStore();
  const first = exampleRecords(5000);
  const other = exampleRecords(5000, 2500);
  addVersion(store, 'first', first);
  const alone = held(store);
  addVersion(store, 'other', other);
  expect(held(store).chunks).toBeGreaterThan(alone.chunks);
  const cutShort = store.datasets.startImport({ ...exampleHead, id: 'third' });
  cutShort.append(exampleRecords(5000, 3000));
  cutShort.abandon();
  expect(store.datasets.remove('other')).toBe(true);
  expect(held(store)).toEqual(alone);
  expect(recordsOf(store, 'first')).toEqual(first);
  store.datasets.remove('first');
  expect(held(store)).toEqual({ chunks: 0, characters: 0 });
});

test('pages are the same rows from every place, of one split and of all', () => {
  const store = temporaryStore();
  const records = exampleRecords(2000);
  addVersion(store, 'first', records);
  const all = records.map((record, position) => ({ position, ...record }));
  for (const split of [undefined, 'train', 'test'] as const) {
    const wanted = split === undefined ? all : all.filter((row) => row.split === split);
    for (let offset = 0; offset < wanted.length + 40; offset += 37) {
      const page = store.datasets.rows({ id: 'first', offset, limit: 40, ...(split && { split }) });
      expect(page).toEqual({ total: wanted.length, rows: wanted.slice(offset, offset + 40) });
    }
  }
});

test('filters kept by an older build still ask for the same', () => {
  const path = join(temporaryFolder(), 'tunebench.sqlite');
  copyFileSync(join(import.meta.dirname, 'recorded', 'version-8.sqlite'), path);
  const old = new Database(path);
  const add = old.prepare(
    "INSERT INTO labelFilters (datasetId, name, filter, sorting) VALUES ('dataset-1', ?, ?, 'number')",
  );
  add.run('both', JSON.stringify({ label: '환불', split: 'test', flagged: true }));
  add.run('neither', JSON.stringify({ minimumLength: 3 }));
  old.close();
  const store = openStore(path);
  expect(store.labels.filters('dataset-1').map(({ filter }) => filter)).toEqual([
    { labels: ['환불'], splits: ['test'], flagged: true },
    { minimumLength: 3 },
  ]);
  store.close();
});

test('rows of an older build are shared when it is brought up to date', () => {
  const path = join(temporaryFolder(), 'tunebench.sqlite');
  copyFileSync(join(import.meta.dirname, 'recorded', 'version-8.sqlite'), path);
  const old = new Database(path);
  const add = old.prepare('INSERT INTO records (dataset, position, split, fields) VALUES (?, ?, ?, ?)');
  const copy = old.prepare(
    `INSERT INTO datasets (id, name, source, mapping, columns, addedAt, versionHash, rows, rowsBySplit)
     SELECT ?, name, source, mapping, columns, addedAt, ?, 4500, rowsBySplit FROM datasets WHERE id = 'dataset-1'`,
  );
  const records = exampleRecords(4500);
  const changed = records.map((record, row) =>
    row === 100 ? { ...record, split: 'test' as const } : record,
  );
  for (const [id, hash, rows] of [
    ['older', 'a', records],
    ['newer', 'b', changed],
    ['cut short', null, records],
  ] as const) {
    const dataset = copy.run(id, hash).lastInsertRowid;
    rows.forEach(({ split, fields }, row) => add.run(dataset, row, split, JSON.stringify(fields)));
  }
  old.close();
  const store = openStore(path);
  expect(recordsOf(store, 'dataset-1')).toEqual(exampleRecords(10));
  expect(recordsOf(store, 'older')).toEqual(records);
  expect(recordsOf(store, 'newer')).toEqual(changed);
  const shared = held(store);
  store.datasets.remove('newer');
  expect(held(store)).toEqual(shared);
  store.close();
});
