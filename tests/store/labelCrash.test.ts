import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { type Store, openStore } from '../../src-main/store/store.ts';
import { stepsTaken, takeStep } from './fixtures/labelSteps.ts';
import { exampleLabelling, fillLabelling } from './fixtures/labelling.ts';
import { writeAndKill } from './fixtures/writeAndKill.ts';
import { temporaryFolder, temporaryStore } from './temporaryStore.ts';

const writerPath = join(import.meta.dirname, 'fixtures', 'labelWriter.ts');
/** TUNEBENCH_CRASH_POINTS=200 for the long form. */
const points = Number(process.env['TUNEBENCH_CRASH_POINTS'] ?? 5);
const id = exampleLabelling.id;

/** Everything but the sequence numbers, which a killed writer may leave gaps in. */
function look(store: Store) {
  const { undo, redo, sequence, ...state } = store.labels.state(id);
  return {
    records: [...store.labels.allRecords(id)],
    state: { ...state, undo: undo !== null, redo: redo !== null },
    found: store.labels.matching(id, { text: '환불' }),
    sequence: sequence > 0,
  };
}

test('kill -9 while importing, opening, labelling, splitting and undoing loses nothing that was acknowledged', async () => {
  const path = join(temporaryFolder(), 'tunebench.sqlite');
  const reference = temporaryStore();
  fillLabelling(reference, 20);
  let replayed = 0;
  for (let point = 0; point < points; point++) {
    const lines = await writeAndKill(writerPath, path, 1 + ((point * 17) % 29));
    const acknowledged = lines.filter((line) => line.startsWith('step')).map((line) => Number(line.slice(5)));
    const store = openStore(path);
    const taken = stepsTaken(store, id);
    // One step may be saved whose acknowledgement the kill cut off; none may be missing.
    expect(taken).toBeGreaterThanOrEqual((acknowledged.at(-1) ?? -1) + 1);
    for (; replayed < taken; replayed++) takeStep(reference, id, replayed);
    expect(look(store)).toEqual(look(reference));
    for (const line of lines.filter((text) => text.startsWith('opened'))) {
      expect(store.labels.get(line.slice(7))?.records).toBeGreaterThanOrEqual(20);
    }
    for (const { records } of store.labels.list()) expect(records).toBeGreaterThan(0);
    const imported = store.datasets.list().map((dataset) => dataset.id);
    for (const line of lines.filter((text) => text.startsWith('imported'))) {
      expect(imported).toContain(line.slice(9));
    }
    // A dataset is whole or not there at all.
    for (const dataset of store.datasets.list()) {
      expect(dataset.rows).toBe(20);
      expect([...store.datasets.allRows(dataset.id)]).toHaveLength(20);
    }
    store.close();
    const check = new Database(path);
    expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(check.pragma('foreign_key_check')).toEqual([]);
    check.close();
  }
  expect(replayed).toBeGreaterThan(points);
}, 600_000);
