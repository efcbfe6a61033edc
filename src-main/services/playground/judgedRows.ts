import { type DatasetRow, textOf } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { JudgedRows, JudgedRowsQuery } from '../../contract/judgedRows.ts';
import { type RowContent, columnRoleSchema } from '../../contract/methods.ts';
import type { Prediction } from '../../contract/worker.ts';
import type { ServiceContext } from '../context.ts';
import type { DatasetsService } from '../datasets/datasets.ts';
import type { Jobs } from '../jobs.ts';
import type { RunsService } from '../runs/runs.ts';

const rowsPerCall = 256;
/** Judging more would keep a person waiting for minutes. */
const mostJudged = 5000;

/** Finds the rows behind a run's confusion matrix by letting its model judge them once more. */
export function createJudgedRows(
  { store }: Pick<ServiceContext, 'store'>,
  services: {
    runs: RunsService;
    datasets: DatasetsService;
    jobs: Jobs;
    predict(target: { runId: string }, rows: RowContent[]): Promise<Prediction[]>;
  },
) {
  const { runs, datasets, jobs, predict } = services;

  /**
   * @throws TunebenchError `datasets.noJudgedRows`; `common.notFound` where the run or its dataset is gone; what the model
   * says
   */
  return async function judgedRows(query: JudgedRowsQuery): Promise<JudgedRows> {
    const { runId, limit } = query;
    const run = runs.get(runId);
    if (run.task !== 'classification') throw new TunebenchError('datasets.noJudgedRows', { name: run.name });
    const dataset = datasets.get(run.datasetId);
    const { roles } = dataset.mapping;
    const split = dataset.rowsBySplit.test > 0 ? 'test' : 'validation';
    const newestId = datasets.versions(dataset.id).at(-1)?.id ?? dataset.id;
    const rows: (DatasetRow & { actual: string })[] = [];
    for (const row of store.datasets.allRows(dataset.id)) {
      const actual = textOf(row.fields[roles.label ?? '']);
      if (row.split !== split || (query.actual !== undefined && actual !== query.actual)) continue;
      rows.push({ ...row, actual });
      if (rows.length === mostJudged) break;
    }
    const contentOf = (fields: (typeof rows)[number]['fields']): RowContent =>
      Object.fromEntries(
        columnRoleSchema.options.flatMap((role) => {
          const column = roles[role];
          return column === undefined || role === 'label' ? [] : [[role, fields[column] ?? '']];
        }),
      );

    return jobs.start(
      { kind: 'datasetCheck', title: run.name, unit: 'rows', total: rows.length },
      async (job) => {
        const found: JudgedRows['rows'] = [];
        for (let start = 0; start < rows.length; start += rowsPerCall) {
          job.signal.throwIfAborted();
          const batch = rows.slice(start, start + rowsPerCall);
          const predictions = await predict(
            { runId },
            batch.map(({ fields }) => contentOf(fields)),
          );
          batch.forEach((row, index) => {
            const prediction = predictions[index];
            const best = prediction?.form === 'labels' ? prediction.labels[0] : undefined;
            if (best === undefined) return;
            const wanted =
              query.predicted === undefined ? best.label !== row.actual : best.label === query.predicted;
            if (wanted) found.push({ ...row, predicted: best.label, probability: best.probability });
          });
          job.progress(start + batch.length, rows.length);
        }
        found.sort((one, other) => other.probability - one.probability || one.position - other.position);
        const { length: judged } = rows;
        const result = { datasetId: dataset.id, newestId, split, judged, found: found.length, rows: found.slice(0, limit) } as const; // prettier-ignore
        return { result, resultId: runId };
      },
    ).finished;
  };
}
