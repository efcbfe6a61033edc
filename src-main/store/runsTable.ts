import { type RunDetail, type RunSummary, runDetailSchema, runSummarySchema } from '../contract/runs.ts';
import type { StoreDatabase } from './database.ts';
import type { EventsTable, RunsTable } from './types.ts';

type Cell = string | number | null;
type RunColumns = Record<string, Cell>;

/** Columns that hold JSON. */
const documents = ['metrics', 'problems', 'config', 'versions', 'labels', 'confusion', 'tags'];
/** Columns that hold 0 or 1. */
const flags = ['starred', 'archived'];
const changeable = [
  'name',
  'status',
  'startedAt',
  'endedAt',
  'elapsedMs',
  'step',
  'totalSteps',
  'trainableParameters',
  'totalParameters',
  'metrics',
  'problems',
  'labels',
  'confusion',
  'rowsPerSecond',
  'peakMemoryBytes',
  'notes',
  'tags',
  'starred',
  'archived',
  'group',
  'project',
  'queuePosition',
  'notBefore',
  'removedAt',
] as const;

/** What changes with every step: whoever wants that follows the run's events. */
const followed: ReadonlySet<string> = new Set(['step', 'totalSteps', 'elapsedMs', 'metrics', 'confusion']);

function readDocuments(row: RunColumns): Record<string, unknown> {
  const values = Object.entries(row).map(([name, value]): [string, unknown] => [
    name,
    documents.includes(name) && typeof value === 'string'
      ? JSON.parse(value)
      : flags.includes(name)
        ? value === 1
        : value,
  ]);
  return Object.fromEntries(values);
}

const readSummary = (row: RunColumns): RunSummary => runSummarySchema.parse(readDocuments(row));

export function createRunsTable(database: StoreDatabase, events: EventsTable): RunsTable {
  const insert = database.prepare<Cell[]>(
    `INSERT INTO runs (id, name, status, task, methodId, modelId, modelName, datasetId, datasetName, createdAt,
       config, datasetHash, modelHash, versions, parentRunId, "group", project, notBefore)
     VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const list = database.prepare<[], RunColumns>(
    'SELECT * FROM runs WHERE removedAt IS NULL ORDER BY key DESC',
  );
  const listRemoved = database.prepare<[], RunColumns>(
    'SELECT * FROM runs WHERE removedAt IS NOT NULL ORDER BY removedAt DESC',
  );
  const get = database.prepare<[string], RunColumns>('SELECT * FROM runs WHERE id = ?');
  const lastPosition = database.prepare<[], { position: number | null }>(
    'SELECT max(queuePosition) AS position FROM runs',
  );
  const remove = database.prepare<[string]>('DELETE FROM runs WHERE id = ?');
  const write = database.prepare<Cell[]>(
    `UPDATE runs SET ${changeable.map((name) => `"${name}" = ?`).join(', ')} WHERE id = ?`,
  );

  function getDetail(id: string): RunDetail | undefined {
    const row = get.get(id);
    return row && runDetailSchema.parse({ ...readDocuments(row), lastSequence: events.lastSequence(id) });
  }

  const table: RunsTable = {
    insert(run) {
      insert.run(
        run.id,
        run.name,
        run.task,
        run.methodId,
        run.modelId,
        run.modelName,
        run.datasetId,
        run.datasetName,
        run.createdAt,
        JSON.stringify(run.config),
        run.datasetHash,
        run.modelHash,
        JSON.stringify(run.versions),
        run.parentRunId,
        run.group ?? null,
        run.project ?? null,
        run.notBefore ?? null,
      );
      database.changed('runs');
    },
    list: () => list.all().map(readSummary),
    listRemoved: () => listRemoved.all().map(readSummary),
    get: getDetail,
    update(id, change) {
      return database.transaction(() => {
        const before = getDetail(id);
        if (before === undefined) return false;
        const after = { ...before, ...change, metrics: { ...before.metrics, ...change.metrics } };
        const cells = changeable.map((name): Cell => {
          const value = after[name];
          if (typeof value === 'boolean') return value ? 1 : 0;
          return typeof value === 'object' && (value !== null || name === 'confusion')
            ? JSON.stringify(value)
            : value;
        });
        write.run(...cells, id);
        if (Object.keys(change).some((name) => !followed.has(name))) database.changed('runs');
        return true;
      });
    },
    nextQueuePosition: () => (lastPosition.get()?.position ?? 0) + 1,
    remove(id) {
      const removed = remove.run(id).changes > 0;
      if (removed) database.changed('runs');
      return removed;
    },
    withStatus: (...statuses) => table.list().filter((run) => statuses.includes(run.status)),
    markInterrupted(describe, at = new Date().toISOString()) {
      return database.transaction(() => {
        const left = table.withStatus('preparing', 'running', 'paused');
        for (const run of left) {
          const problem = describe(run);
          table.update(run.id, { status: 'interrupted', endedAt: at, problems: [...run.problems, problem] });
          events.append(run.id, { event: 'interrupted', problem }, at);
        }
        return left;
      });
    },
  };
  return table;
}
