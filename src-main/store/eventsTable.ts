import { type RunEvent, runEventBodySchema, runEventSchema } from '../contract/events.ts';
import type { StoreDatabase } from './database.ts';
import type { EventsTable } from './types.ts';

interface EventColumns {
  sequence: number;
  runId: string;
  at: string;
  body: string;
}

function readEvent(row: EventColumns): RunEvent {
  return runEventSchema.parse({ ...row, body: JSON.parse(row.body) });
}

export function createEventsTable(database: StoreDatabase): EventsTable {
  const append = database.prepare<[string, string, string]>(
    'INSERT INTO events (runId, at, body) VALUES (?, ?, ?)',
  );
  const after = database.prepare<[number, number], EventColumns>(
    'SELECT sequence, runId, at, body FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?',
  );
  const afterOfRun = database.prepare<[string, number, number], EventColumns>(
    'SELECT sequence, runId, at, body FROM events WHERE runId = ? AND sequence > ? ORDER BY sequence LIMIT ?',
  );
  // The same condition as that of the index first.
  const notSteps = database.prepare<[string], EventColumns>(
    `SELECT sequence, runId, at, body FROM events
     WHERE runId = ? AND substr(body, 1, 18) <> '{"event":"stepped"' AND substr(body, 1, 18) <> '{"event":"sampled"'
     ORDER BY sequence`,
  );
  const latestStep = database.prepare<[string], EventColumns>(
    `SELECT sequence, runId, at, body FROM events
     WHERE runId = ? AND substr(body, 1, 18) = '{"event":"stepped"' ORDER BY sequence DESC LIMIT 1`,
  );
  const last = database.prepare<[], { sequence: number | null }>(
    'SELECT max(sequence) AS sequence FROM events',
  );
  const lastOfRun = database.prepare<[string], { sequence: number | null }>(
    'SELECT max(sequence) AS sequence FROM events WHERE runId = ?',
  );
  return {
    append(runId, body, at = new Date().toISOString()) {
      const checked = runEventBodySchema.parse(body);
      const { lastKey } = append.run(runId, at, JSON.stringify(checked));
      return { sequence: lastKey, runId, at, body: checked };
    },
    readAfter({ after: cursor, runId, limit = 1000 }) {
      const rows = runId === undefined ? after.all(cursor, limit) : afterOfRun.all(runId, cursor, limit);
      return rows.map(readEvent);
    },
    apartFromSteps: (runId) => notSteps.all(runId).map(readEvent),
    latestStep(runId) {
      const row = latestStep.get(runId);
      return row && readEvent(row);
    },
    lastSequence(runId) {
      const row = runId === undefined ? last.get() : lastOfRun.get(runId);
      return row?.sequence ?? 0;
    },
  };
}
