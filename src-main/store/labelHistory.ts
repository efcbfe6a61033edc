import { z } from 'zod';
import { splitSchema } from '../contract/datasets.ts';
import {
  type HistoryEntry,
  type HistoryKind,
  answerSchema,
  historyEntrySchema,
  labelChoiceSchema,
  recordStatusSchema,
} from '../contract/labels.ts';
import type { StoreDatabase } from './database.ts';
import type { Actor, RecordValues } from './labelTypes.ts';

/** What a change touched, before or after it. */
const patchSchema = z
  .object({
    status: recordStatusSchema,
    split: splitSchema,
    fields: z.record(z.string(), z.json()),
    answer: answerSchema.nullable(),
    suggestion: answerSchema.nullable(),
    score: z.number().nullable(),
    flagged: z.boolean(),
    note: z.string().nullable(),
    deleted: z.boolean(),
  })
  .partial();
const labelChangeSchema = z.object({
  before: z.array(labelChoiceSchema),
  after: z.array(labelChoiceSchema),
});
export type RecordPatch = Partial<RecordValues>;

export interface RecordedChange {
  readonly number: number;
  readonly before: RecordPatch;
  readonly after: RecordPatch;
}

interface ActionColumns {
  sequence: number;
  at: string;
  author: string;
  kind: string;
  value: string | null;
  records: number;
  firstNumber: number | null;
  state: string;
}

/** `done` counts now, `undone` can be redone, `dropped` was undone for good, `turn` is an undo, redo or revert itself. */
type ActionState = 'done' | 'undone' | 'dropped' | 'turn';

function readEntry({ state, ...row }: ActionColumns): HistoryEntry {
  return historyEntrySchema.parse({ ...row, done: state === 'turn' ? null : state === 'done' });
}

/** The append-only list of what was done, with what every record was before and after. */
export function createLabelHistory(database: StoreDatabase) {
  const insert = database.prepare<(string | number | null)[]>(
    `INSERT INTO labelActions (labelling, at, author, kind, value, records, firstNumber, state)
     VALUES (?, ?, ?, ?, ?, 0, NULL, ?)`,
  );
  const complete = database.prepare<[number, number | null, number]>(
    'UPDATE labelActions SET records = ?, firstNumber = ? WHERE sequence = ?',
  );
  const setLabels = database.prepare<[string, number]>(
    'UPDATE labelActions SET labels = ? WHERE sequence = ?',
  );
  const getLabels = database.prepare<[number], { labels: string | null }>(
    'SELECT labels FROM labelActions WHERE sequence = ?',
  );
  const forget = database.prepare<[number]>('DELETE FROM labelActions WHERE sequence = ?');
  const insertChange = database.prepare<[number, number, string, string]>(
    'INSERT INTO labelChanges (action, number, before, after) VALUES (?, ?, ?, ?)',
  );
  const changes = database.prepare<
    [number, number, number],
    { number: number; before: string; after: string }
  >('SELECT number, before, after FROM labelChanges WHERE action = ? AND number > ? ORDER BY number LIMIT ?');
  const setState = database.prepare<[string, number]>('UPDATE labelActions SET state = ? WHERE sequence = ?');
  const dropUndone = database.prepare<[number]>(
    "UPDATE labelActions SET state = 'dropped' WHERE labelling = ? AND state = 'undone'",
  );
  const ofState = (sql: string) =>
    database.prepare<[number, string, number], { sequence: number }>(
      `SELECT sequence FROM labelActions WHERE labelling = ? AND state = ? ${sql} LIMIT 1`,
    );
  const newestOf = ofState('AND sequence > ? ORDER BY sequence DESC');
  const oldestOf = ofState('AND sequence > ? ORDER BY sequence');
  const page = database.prepare<[number, number, number], ActionColumns>(
    `SELECT sequence, at, author, kind, value, records, firstNumber, state FROM labelActions
     WHERE labelling = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?`,
  );
  const last = database.prepare<[number], { sequence: number | null }>(
    'SELECT max(sequence) AS sequence FROM labelActions WHERE labelling = ?',
  );
  const recent = database.prepare<[number, number], { at: string; records: number }>(
    `SELECT at, records FROM labelActions
     WHERE labelling = ? AND state = 'done' AND kind IN ('label', 'accept', 'discard') ORDER BY sequence DESC LIMIT ?`,
  );

  return {
    begin(
      labelling: number,
      actor: Actor,
      kind: HistoryKind,
      value: string | null,
      state: ActionState,
    ): number {
      return insert.run(labelling, actor.at, actor.author, kind, value, state).lastKey;
    },
    /** Only for an action that turned out to change nothing, before anybody heard of it. */
    forget: (sequence: number) => void forget.run(sequence),
    complete(sequence: number, records: number, firstNumber: number | null): void {
      complete.run(records, firstNumber, sequence);
    },
    saveLabels: (sequence: number, labels: z.input<typeof labelChangeSchema>) =>
      void setLabels.run(JSON.stringify(labels), sequence),
    /** The labels before and after an action that changed them. */
    labelsOf(sequence: number) {
      const labels = getLabels.get(sequence)?.labels ?? null;
      return labels === null ? null : labelChangeSchema.parse(JSON.parse(labels));
    },
    addChange(action: number, number: number, before: RecordPatch, after: RecordPatch): void {
      insertChange.run(action, number, JSON.stringify(before), JSON.stringify(after));
    },
    *changesOf(action: number): Generator<RecordedChange> {
      const pageSize = 1000;
      for (let after = 0; ;) {
        const rows = changes.all(action, after, pageSize);
        for (const row of rows) {
          yield {
            number: row.number,
            before: patchSchema.parse(JSON.parse(row.before)),
            after: patchSchema.parse(JSON.parse(row.after)),
          };
          after = row.number;
        }
        if (rows.length < pageSize) return;
      }
    },
    setState: (sequence: number, state: ActionState) => void setState.run(state, sequence),
    dropUndone: (labelling: number) => void dropUndone.run(labelling),
    /** The newest action that counts, after a sequence number. */
    newestDone: (labelling: number, after = 0) => newestOf.get(labelling, 'done', after)?.sequence ?? null,
    oldestUndone: (labelling: number) => oldestOf.get(labelling, 'undone', 0)?.sequence ?? null,
    entries: (labelling: number, before: number, limit: number) =>
      page.all(labelling, before, limit).map(readEntry),
    lastSequence: (labelling: number) => last.get(labelling)?.sequence ?? 0,
    recentLabels: (labelling: number, limit: number) => recent.all(labelling, limit),
  };
}

export type LabelHistory = ReturnType<typeof createLabelHistory>;
