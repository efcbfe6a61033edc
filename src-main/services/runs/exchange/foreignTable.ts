import { TunebenchError } from '../../../contract/errors/index.ts';
import { detectLayout, readRows } from '../../../datasets/index.ts';
import { openSource } from '../../datasets/openSource.ts';

/** A run as another program has recorded it. */
export interface ForeignRun {
  readonly name: string;
  readonly source: 'TensorBoard' | 'CSV' | 'JSONL' | 'Parquet';
  /** By step: values by the names the log shows, such as `train.loss`. */
  readonly points: ReadonlyMap<number, Readonly<Record<string, number>>>;
}

interface ForeignValue {
  readonly name: string;
  readonly step: number;
  readonly value: number;
}

/** `train/loss` is what TensorBoard and others call `train.loss`; what has no part before it is of training. */
function metricName(tag: string): string {
  const name = tag.replace('/', '.');
  return name.includes('.') ? name : `train.${name}`;
}

/** Values by their steps, without those that are no number. */
export function gatherPoints(values: Iterable<ForeignValue>): ForeignRun['points'] {
  const points = new Map<number, Record<string, number>>();
  for (const { name, step, value } of values) {
    if (!Number.isFinite(value) || !Number.isFinite(step)) continue;
    const at = points.get(step) ?? {};
    at[metricName(name)] = value;
    points.set(step, at);
  }
  return new Map([...points].sort(([a], [b]) => a - b));
}

const tableSources = { csv: 'CSV', tsv: 'CSV', jsonl: 'JSONL', parquet: 'Parquet' } as const;

/** Extremes that Weights & Biases puts beside each column of a chart. */
const extremes = /__(MIN|MAX)$/;
const stepColumn = /^(_?step|trainer\/global_step|global_step)$/i;
const runColumn = /^(run|run_name)$/i;
const notMetrics = /^(_?timestamp|time|_runtime|_wandb|epoch time|run|run_name|name|project|id)$/i;

function numberOf(value: unknown): number {
  if (typeof value === 'string') return value.trim() === '' ? Number.NaN : Number(value);
  return typeof value === 'number' ? value : Number.NaN;
}

/** What a row says: a metric of its own, as this workbench writes points, or one in each column. */
function valuesOf(
  fields: Readonly<Record<string, unknown>>,
  step: number,
): (ForeignValue & { run?: string })[] {
  const { metric } = fields;
  if (typeof metric === 'string' && 'value' in fields) {
    return [{ name: metric, step, value: numberOf(fields['value']) }];
  }
  return Object.entries(fields).flatMap(([title, given]) => {
    if (stepColumn.test(title.trim()) || extremes.test(title) || notMetrics.test(title.trim())) return [];
    // A chart of Weights & Biases has columns of several runs.
    const parts = title.split(' - ');
    const run = parts.length > 1 ? { run: parts.slice(0, -1).join(' - ') } : {};
    return [{ name: parts.at(-1) ?? title, step, value: numberOf(given), ...run }];
  });
}

/** The kind of a table by its name; undefined for what is none. */
export function tableSource(path: string): keyof typeof tableSources | undefined {
  const end = /\.(csv|tsv|jsonl|parquet)$/i.exec(path)?.[1]?.toLowerCase();
  return end === 'csv' || end === 'tsv' || end === 'jsonl' || end === 'parquet' ? end : undefined;
}

/**
 * Runs of a table with a row per step: trackio's, a chart or history of Weights & Biases; or with a row per point, as
 * this workbench exports them. A column that names the run parts the rows.
 * @throws TunebenchError `run.noStepColumn`
 */
export async function readForeignTable(path: string, kind: keyof typeof tableSources): Promise<ForeignRun[]> {
  const source = openSource(path);
  const layout = await detectLayout(source, { shape: 'plain' });
  const columns = layout.fileColumns;
  const stepTitle = columns.find((title) => stepColumn.test(title.trim()));
  if (stepTitle === undefined) {
    throw new TunebenchError('run.noStepColumn', { path, columns: columns.slice(0, 12).join(', ') });
  }
  const runTitle = columns.find((title) => runColumn.test(title.trim()));
  const base = path.split(/[\\/]/).at(-1) ?? path;
  const names = new Map<string, string>();
  const values = new Map<string, ForeignValue[]>();
  for await (const row of readRows(source, layout)) {
    if (row.problem !== undefined) continue;
    const { fields } = row;
    const named = runTitle === undefined ? '' : String(fields[runTitle] ?? '');
    for (const { run, ...value } of valuesOf(fields, numberOf(fields[stepTitle]))) {
      const key = named || (run ?? base);
      // Points of this workbench have the run's id, and its name beside it.
      names.set(key, named !== '' && typeof fields['name'] === 'string' ? fields['name'] : key);
      const list = values.get(key) ?? [];
      list.push(value);
      values.set(key, list);
    }
  }
  return [...values].map(([key, found]) => ({
    name: names.get(key) ?? key,
    source: tableSources[kind],
    points: gatherPoints(found),
  }));
}
