import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openStore } from '../../src-main/store/store.ts';
import { writeAndKill } from './fixtures/writeAndKill.ts';
import { temporaryFolder } from './temporaryStore.ts';

const writerPath = join(import.meta.dirname, 'fixtures', 'writer.ts');

/** Lines after which the writer is killed: a few, or as many as `TUNEBENCH_CRASH_POINTS` asks for, spread over its work. */
function killsAfter(): number[] {
  const asked = Number(process.env['TUNEBENCH_CRASH_POINTS'] ?? 0);
  if (asked === 0) return [1, 3, 8, 22, 23, 31, 47, 60];
  return Array.from({ length: asked }, (_, index) => 1 + ((index * 37) % 97));
}

test('kill -9 at any place loses nothing that was acknowledged', async () => {
  const path = join(temporaryFolder(), 'tunebench.sqlite');
  const acknowledged: string[] = [];
  for (const count of killsAfter()) acknowledged.push(...(await writeAndKill(writerPath, path, count)));
  expect(acknowledged.filter((line) => line.startsWith('dataset')).length).toBeGreaterThan(3);

  const check = new Database(path);
  expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(check.pragma('foreign_key_check')).toEqual([]);
  check.close();
  const store = openStore(path);
  const events = new Map(
    store.events.readAfter({ after: 0, limit: 100_000 }).map((event) => [event.sequence, event]),
  );
  for (const line of acknowledged) {
    const [kind, first = '', id = '', step = ''] = line.split(' ');
    if (kind === 'run') expect(store.runs.get(first)).toBeDefined();
    if (kind === 'queue') {
      const [moved, other] = ['a', 'b'].map((name) => store.runs.get(`${first}-${name}`)?.queuePosition ?? 0);
      expect(moved).toBeGreaterThan(0);
      expect(moved).toBeLessThan(other ?? 0);
    }
    if (kind === 'dataset') {
      expect(store.datasets.get(first)).toMatchObject({ rows: 250, versionHash: `hash ${first}` });
      expect([...store.datasets.allRows(first)]).toHaveLength(250);
    }
    if (kind === 'event') {
      expect(events.get(Number(first))).toMatchObject({ runId: id, body: { step: Number(step) } });
      expect(store.runs.get(id)?.step).toBeGreaterThanOrEqual(Number(step));
    }
  }
  // What a transaction wrote together is there together, also for the last, unacknowledged one.
  for (const run of store.runs.list()) {
    const steps = [...events.values()].filter(({ runId }) => runId === run.id).length;
    expect(run.step).toBe(steps);
    expect(store.metrics.series({ runId: run.id, maximumPoints: 100 })[0]?.totalPoints ?? 0).toBe(steps);
  }
  for (const { id, rows } of store.datasets.list())
    expect([...store.datasets.allRows(id)]).toHaveLength(rows);
  store.close();
}, 900_000);
