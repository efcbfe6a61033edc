import type { DatasetSummary } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { type HealthFixRequest, fixesOf } from '../../contract/health.ts';
import { type FixPlan, applyFix, rowsAfter } from '../../datasets/index.ts';
import type { ServiceContext } from '../context.ts';
import type { JobControl } from '../jobs.ts';
import { judgeFix } from './judge.ts';
import { addVersion } from './versions.ts';

/**
 * Mends what a check found, as a new version.
 * @throws TunebenchError `datasets.noSuchFix`, `datasets.fixMovesSpans`, `datasets.nothingToFix`,
 * `datasets.fixLeavesNothing`
 */
export async function fixDataset(
  context: ServiceContext,
  dataset: DatasetSummary,
  { check, fix: wanted, rows: only, options }: HealthFixRequest,
  modelFolder: string | undefined,
  job: JobControl,
): Promise<DatasetSummary> {
  const fix = wanted ?? fixesOf[check][0];
  if (check === 'unusableRows' || fix === undefined || !fixesOf[check].includes(fix)) {
    throw new TunebenchError('datasets.noSuchFix', {
      check,
      fix: wanted ?? '–',
      known: fixesOf[check].join(', ') || '–',
    });
  }
  const { id, mapping } = dataset;
  const place = mapping.roles.spans ?? mapping.roles.answerStart;
  if (place !== undefined && (fix === 'tidy' || fix === 'repairEncoding')) {
    throw new TunebenchError('datasets.fixMovesSpans', { fix, column: place });
  }
  const plan = await judgeFix(context, dataset, { check, fix, only, options, modelFolder }, job);
  const rows = rowsAfter(dataset.rows, plan);
  if (plan.size === 0) throw new TunebenchError('datasets.nothingToFix', { check, fix });
  if (rows === 0) throw new TunebenchError('datasets.fixLeavesNothing', { check, fix });
  const records = {
    [Symbol.iterator]: () => applyFix(context.store.datasets.allRecords(id), plan, mapping),
  };
  return addVersion(context, dataset, records, rows, { kind: 'fixed', check, fix, rows: plan.size }, job);
}

/**
 * Gives rows, counted from 1, another label, as a new version.
 * @throws TunebenchError `datasets.noLabelColumn`, `datasets.noSuchRow`
 */
export async function relabelRows(
  context: ServiceContext,
  dataset: DatasetSummary,
  rows: readonly number[],
  label: string,
  job: JobControl,
): Promise<DatasetSummary> {
  const { id, name, mapping, rows: total } = dataset;
  if (mapping.roles.label === undefined) throw new TunebenchError('datasets.noLabelColumn', { name });
  const missing = rows.find((row) => row > total);
  if (missing !== undefined)
    throw new TunebenchError('datasets.noSuchRow', { name, row: missing, rows: total });
  const plan: FixPlan = new Map(rows.map((row) => [row - 1, { kind: 'relabel', label }]));
  const records = {
    [Symbol.iterator]: () => applyFix(context.store.datasets.allRecords(id), plan, mapping),
  };
  return addVersion(context, dataset, records, total, { kind: 'relabelled', label, rows: plan.size }, job);
}
