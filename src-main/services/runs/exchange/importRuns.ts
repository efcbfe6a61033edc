import { parse } from 'csv-parse/sync';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { filesBelow, nodeFileSystem } from '../../../platform/index.ts';
import type { ServiceContext } from '../../context.ts';
import { newId, timestamp } from '../../identity.ts';
import { type ScalarEvent, readEventFile } from './eventFile.ts';

/** A run as another program has recorded it. */
interface ForeignRun {
  readonly name: string;
  readonly source: 'TensorBoard' | 'CSV';
  /** By step: values by the names the log shows, such as `train.loss`. */
  readonly points: ReadonlyMap<number, Readonly<Record<string, number>>>;
}

/** `train/loss` is what TensorBoard and others call `train.loss`; what has no part before it is of training. */
function metricName(tag: string): string {
  const name = tag.replace('/', '.');
  return name.includes('.') ? name : `train.${name}`;
}

function gather(values: Iterable<{ name: string; step: number; value: number }>): ForeignRun['points'] {
  const points = new Map<number, Record<string, number>>();
  for (const { name, step, value } of values) {
    if (!Number.isFinite(value) || !Number.isFinite(step)) continue;
    const at = points.get(step) ?? {};
    at[metricName(name)] = value;
    points.set(step, at);
  }
  return new Map([...points].sort(([a], [b]) => a - b));
}

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
    points: gather(scalars.map(({ tag, step, value }) => ({ name: tag, step, value }))),
  }));
}

/** Extremes that Weights & Biases puts beside each column of a chart. */
const extremes = /__(MIN|MAX)$/;
const stepColumn = /^(_?step|trainer\/global_step|global_step)$/i;
const notMetrics = /^(_?timestamp|time|_runtime|_wandb|epoch time|run|run_name|name|project|id)$/i;

/**
 * A table with a row per step: trackio's, or a chart of Weights & Biases, whose columns are `run name - metric`; a
 * column that names the run parts the rows.
 */
function readCsv(context: ServiceContext, path: string): ForeignRun[] {
  const rows: string[][] = parse(context.files.readText(path), { bom: true, relax_column_count: true });
  const [header = [], ...lines] = rows;
  const step = header.findIndex((name) => stepColumn.test(name.trim()));
  if (step < 0) {
    throw new TunebenchError('run.noStepColumn', { path, columns: header.slice(0, 12).join(', ') });
  }
  const runColumn = header.findIndex((name) => /^(run|run_name)$/i.test(name.trim()));
  const [base = 'CSV'] = path.split(/[\\/]/).slice(-1);
  const values = new Map<string, { name: string; step: number; value: number }[]>();
  for (const line of lines) {
    header.forEach((title, column) => {
      const text = line[column]?.trim() ?? '';
      if (column === step || text === '' || extremes.test(title) || notMetrics.test(title.trim())) return;
      const parts = title.split(' - ');
      const run =
        runColumn >= 0 ? (line[runColumn] ?? base) : parts.length > 1 ? parts.slice(0, -1).join(' - ') : base;
      const list = values.get(run) ?? [];
      list.push({ name: parts.at(-1) ?? title, step: Number(line[step]), value: Number(text) });
      values.set(run, list);
    });
  }
  return [...values].map(([name, found]) => ({ name, source: 'CSV', points: gather(found) }));
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
export function importRuns(context: ServiceContext, path: string, name: string | undefined): string[] {
  const status = nodeFileSystem.status(path);
  if (status === undefined) throw new TunebenchError('platform.missing', { path });
  const isCsv = /\.csv$/i.test(path);
  const found = isCsv ? readCsv(context, path) : readTensorBoard(context, path, status.kind === 'file');
  const runs = found.filter(({ points }) => points.size > 0);
  if (runs.length === 0) throw new TunebenchError('run.nothingToImport', { path });
  return runs.map((run) => store(context, runs.length === 1 && name ? { ...run, name } : run));
}
