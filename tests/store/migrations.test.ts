import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrations } from '../../src-main/store/migrations/all.ts';
import type { Migration } from '../../src-main/store/migrations/migrate.ts';
import { openStore } from '../../src-main/store/store.ts';
import { exampleHead, exampleModel, exampleRecords, exampleRun, exampleSample } from './fixtures/examples.ts';
import { temporaryFolder } from './temporaryStore.ts';

const recorded = (version: number) => join(import.meta.dirname, 'recorded', `version-${version}.sqlite`);

/** A copy of the recorded database, as an update of the workbench would find it. */
function copyRecorded(version: number): string {
  const path = join(temporaryFolder(), 'tunebench.sqlite');
  copyFileSync(recorded(version), path);
  return path;
}

test('every schema there ever was is recorded, and migrations are numbered without gaps', () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  expect(new Set(readdirSync(join(import.meta.dirname, 'recorded')))).toEqual(
    new Set(migrations.map(({ version }) => `version-${version}.sqlite`)),
  );
});

test.each(migrations.map(({ version }) => version))(
  'a database of schema %i opens with all it held',
  (version) => {
    const store = openStore(copyRecorded(version));
    expect(store.settings.get()).toMatchObject({ language: 'ko', theme: 'dark' });
    expect(store.models.list()).toEqual([exampleModel]);
    expect(store.datasets.get('dataset-1')).toMatchObject({
      name: exampleHead.name,
      versionHash: 'hash-1',
      rows: 10,
    });
    expect([...store.datasets.allRows('dataset-1')].map(({ fields }) => fields)).toEqual(
      exampleRecords(10).map(({ fields }) => fields),
    );
    expect(store.runs.get('run-1')).toMatchObject({
      ...exampleRun,
      status: 'running',
      step: 1,
      labels: ['a', 'b'],
    });
    expect(store.events.readAfter({ after: 0 })).toMatchObject([{ sequence: 1, body: { event: 'queued' } }]);
    expect(store.metrics.series({ runId: 'run-1', maximumPoints: 10 })[0]?.points).toEqual([
      { step: 1, last: 0.5, minimum: 0.5, maximum: 0.5 },
    ]);
    if (version >= 3) {
      const [labelling] = store.labels.list();
      expect(labelling).toMatchObject({ name: 'Requests', byStatus: { pending: 3, discarded: 2 } });
      const actor = { author: 'tester', at: '2026-01-02T00:00:00.000Z' };
      expect(store.labels.redo(labelling?.id ?? '', actor).records).toMatchObject([
        { number: 3, flagged: true },
      ]);
      expect(store.labels.matching(labelling?.id ?? '', { text: '환불' })).toEqual([1, 5]);
    }
    expect(store.samples.at('run-1', 1)).toEqual(version >= 13 ? [exampleSample] : undefined);
    store.close();
  },
);

test('blocks of an older schema lose the steps that follow each other, and nothing else', () => {
  const path = copyRecorded(9);
  const old = new Database(path);
  const series = old.prepare('SELECT key FROM metricSeries').pluck().get();
  const insert = old.prepare('INSERT INTO metricBlocks VALUES (?, ?, ?, ?)');
  const count = 4096;
  const add = (first: number, stride: number) => {
    const steps = Array.from({ length: count }, (_, index) => first + stride * index);
    const points = Float64Array.from([...steps, ...steps.map((step) => step / 2)]);
    insert.run(series, first, steps.at(-1), Buffer.from(points.buffer));
    return steps;
  };
  old.prepare('DELETE FROM metricPoints').run();
  const steps = [...add(1, 1), ...add(1 + count, 2)];
  old.close();
  const store = openStore(path);
  const [curve] = [...store.metrics.points('run-1')];
  expect([...(curve?.steps ?? [])]).toEqual(steps);
  expect([...(curve?.values ?? [])]).toEqual(steps.map((step) => step / 2));
  store.close();
  const sizes = new Database(path, { readonly: true }).prepare('SELECT length(points) FROM metricBlocks');
  expect(sizes.pluck().all()).toEqual([8 * count, 16 * count]);
});

const next: Migration = {
  version: migrations.length + 1,
  up(connection) {
    connection.exec("ALTER TABLE runs ADD COLUMN colour TEXT; UPDATE runs SET name = name || '!'");
  },
};

test('an old database is copied before it is changed', () => {
  const path = copyRecorded(1);
  const store = openStore(path, { migrations: [...migrations, next] });
  expect(store.runs.get('run-1')?.name).toBe('First run!');
  store.close();
  const backup = readdirSync(join(path, '..')).find((name) => name.endsWith('.backup.sqlite'));
  expect(backup).toMatch(/^tunebench\.sqlite\.v1-/);
  const copy = new Database(join(path, '..', backup ?? ''), { readonly: true });
  expect(copy.prepare('SELECT name FROM runs').pluck().get()).toBe('First run');
  expect(copy.pragma('user_version', { simple: true })).toBe(1);
  copy.close();
});

test('a migration that fails half way changes nothing and names the copy', () => {
  const path = copyRecorded(1);
  const before = readFileSync(path);
  const broken: Migration = {
    version: next.version + 1,
    up: (connection) => connection.exec('DROP TABLE events; SELECT * FROM absent'),
  };
  expect(() => openStore(path, { migrations: [...migrations, next, broken] })).toThrow(
    `could not be brought from schema 1 to ${broken.version}: no such table: absent`,
  );
  const dangling: Migration = {
    version: next.version,
    up: (connection) => connection.exec('DELETE FROM runs'),
  };
  expect(() => openStore(path, { migrations: [...migrations, dangling] })).toThrow(/rows that are missing/);
  expect(readFileSync(path).equals(before)).toBe(true);
  const store = openStore(path);
  expect(store.runs.get('run-1')?.name).toBe('First run');
  store.close();
});

test('a database of a newer workbench is left alone', () => {
  const path = copyRecorded(1);
  openStore(path, { migrations: [...migrations, next] }).close();
  expect(() => openStore(path)).toThrow(
    `written by a newer Tunebench (schema ${next.version}; this one knows up to ${migrations.length})`,
  );
});

test('what is not our database is left alone', () => {
  const folder = temporaryFolder();
  const text = join(folder, 'text.sqlite');
  writeFileSync(text, 'not a database, but long enough to be looked at as one'.repeat(20));
  expect(() => openStore(text)).toThrow(/is damaged or is not a database/);
  const other = join(folder, 'other.sqlite');
  const connection = new Database(other);
  connection.exec('CREATE TABLE other (name TEXT)');
  connection.close();
  expect(() => openStore(other)).toThrow(/tables of another program/);
  expect(() => openStore(join(folder, 'absent', 'x.sqlite'))).toThrow(/x\.sqlite/);
});

test('a database somebody else holds is a clear sentence', () => {
  const path = copyRecorded(1);
  const holder = new Database(path);
  holder.exec('BEGIN EXCLUSIVE');
  expect(() => {
    const store = openStore(path, { busyTimeoutMs: 10 });
    store.settings.save({ theme: 'light' });
  }).toThrow(/Another program is holding/);
  holder.close();
});
