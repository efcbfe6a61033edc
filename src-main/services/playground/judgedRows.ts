import { type DatasetRow, contentOfRow } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { JudgedRows, JudgedRowsQuery } from '../../contract/judgedRows.ts';
import type { RowContent } from '../../contract/methods.ts';
import type { Prediction } from '../../contract/worker.ts';
import type { ServiceContext } from '../context.ts';
import { comparisonFor } from './compareAnswers.ts';
import type { DatasetsService } from '../datasets/datasets.ts';
import type { Jobs } from '../jobs.ts';
import type { RunsService } from '../runs/runs.ts';

const rowsPerCall = 256;
/** Its job says how far it is and can be cancelled; beyond this, a person would wait for very long. */
const mostJudged = 50_000;

/** Finds the rows that a run gets wrong, or those behind its confusion matrix, by letting its model judge them once more. */
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
    const compare = comparisonFor(run);
    if (compare === undefined) throw new TunebenchError('datasets.noJudgedRows', { name: run.name });
    const dataset = datasets.get(run.datasetId);
    const split = dataset.rowsBySplit.test > 0 ? 'test' : 'validation';
    const newestId = datasets.versions(dataset.id).at(-1)?.id ?? dataset.id;
    const rows: (DatasetRow & { content: RowContent })[] = [];
    for (const row of store.datasets.allRows(dataset.id)) {
      if (row.split !== split) continue;
      const content = contentOfRow(row.fields, dataset.mapping);
      // Only a matrix of single labels has cells: its rows are known before the model is asked.
      if (query.actual !== undefined && (content.label ?? '') !== query.actual) continue;
      rows.push({ ...row, content });
      if (rows.length === mostJudged) break;
    }

    return jobs.start(
      { kind: 'datasetCheck', title: run.name, unit: 'rows', total: rows.length },
      async (job) => {
        const found: JudgedRows['rows'] = [];
        for (let start = 0; start < rows.length; start += rowsPerCall) {
          job.signal.throwIfAborted();
          const batch = rows.slice(start, start + rowsPerCall);
          const predictions = await predict(
            { runId },
            batch.map(({ content: { label: _label, spans: _spans, tags: _tags, ...asked } }) => asked),
          );
          batch.forEach(({ content, ...row }, index) => {
            const prediction = predictions[index];
            const compared = prediction && compare(content, prediction);
            if (compared === undefined) return;
            const { wrong, ...shown } = compared;
            if (query.predicted === undefined ? wrong : shown.predicted === query.predicted)
              found.push({ ...row, ...shown });
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
