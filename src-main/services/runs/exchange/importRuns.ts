import { TunebenchError } from '../../../contract/errors/index.ts';
import { filesBelow, nodeFileSystem } from '../../../platform/index.ts';
import type { ServiceContext } from '../../context.ts';
import { newId, timestamp } from '../../identity.ts';
import { type ScalarEvent, readEventFile } from './eventFile.ts';
import { type ForeignRun, gatherPoints, readForeignTable, tableSource } from './foreignTable.ts';

const eventFileName = /(^|\/)events\.out\.tfevents\./;

/** Event files of a folder, those of each folder below it a run of its own, as TensorBoard sees them. */
function readTensorBoard(context: ServiceContext, path: string, isFile: boolean): ForeignRun[] {
  const { files } = context;
  const names = isFile
    ? ['']
    : filesBelow(path).flatMap(({ name }) => (eventFileName.test(name) ? [name] : []));
  const byRun = new Map<string, ScalarEvent[]>();
  for (const name of names) {
    const source = files.open(isFile ? path : files.join(path, name));
    try {
      const folder = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '';
      const scalars = byRun.get(folder) ?? [];
      scalars.push(...readEventFile(source.read(0, source.sizeBytes)).scalars);
      byRun.set(folder, scalars);
    } finally {
      source.close();
    }
  }
  const [base = 'TensorBoard'] = path.split(/[\\/]/).filter(Boolean).slice(-1);
  return [...byRun].map(([folder, scalars]) => ({
    name: folder === '' ? base : `${base}/${folder}`,
    source: 'TensorBoard',
    points: gatherPoints(scalars.map(({ tag, step, value }) => ({ name: tag, step, value }))),
  }));
}

/** Puts a foreign run into the log, completed; it has curves, but nothing that could be repeated. */
function store(context: ServiceContext, run: ForeignRun): string {
  const id = newId();
  const now = timestamp();
  const last = [...run.points].reduce<Record<string, number>>(
    (all, [, metrics]) => Object.assign(all, metrics),
    {},
  );
  const steps = [...run.points.keys()];
  context.store.transaction(() => {
    context.store.runs.insert({
      id,
      name: run.name,
      task: 'causalLm',
      methodId: 'imported',
      modelId: '',
      modelName: run.source,
      datasetId: '',
      datasetName: run.source,
      createdAt: now,
      config: {
        modelId: '',
        datasetId: '',
        task: 'causalLm',
        objective: {},
        method: { id: 'imported', options: {} },
        training: {},
      },
      datasetHash: '',
      modelHash: '',
      versions: {},
      parentRunId: null,
    });
    for (const [step, metrics] of run.points) context.store.metrics.append(id, step, metrics);
    context.store.runs.update(id, {
      status: 'completed',
      startedAt: now,
      endedAt: now,
      step: steps.at(-1) ?? 0,
      totalSteps: steps.at(-1) ?? 0,
      metrics: last,
      tags: ['imported'],
    });
  });
  return id;
}

/**
 * Takes runs of other programs into the log.
 * @returns their ids
 * @throws TunebenchError where nothing is found that could be read
 */
export async function importRuns(
  context: ServiceContext,
  path: string,
  name: string | undefined,
): Promise<string[]> {
  const status = nodeFileSystem.status(path);
  if (status === undefined) throw new TunebenchError('platform.missing', { path });
  const table = status.kind === 'file' ? tableSource(path) : undefined;
  const found =
    table === undefined
      ? readTensorBoard(context, path, status.kind === 'file')
      : await readForeignTable(path, table);
  const runs = found.filter(({ points }) => points.size > 0);
  if (runs.length === 0) throw new TunebenchError('run.nothingToImport', { path });
  return runs.map((run) => store(context, runs.length === 1 && name ? { ...run, name } : run));
}
