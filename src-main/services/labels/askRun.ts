import { TunebenchError } from '../../contract/errors/index.ts';
import type { LabelRecord, LabellingSummary } from '../../contract/labels.ts';
import type { RunDetail } from '../../contract/runs.ts';
import type { Prediction } from '../../contract/worker.ts';
import type { ModelOpinion, StoredHelp } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import type { EvaluationWorker } from '../playground/evaluationWorker.ts';
import { loadJob, resultFolder } from '../runs/resultFolders.ts';
import { largestPool } from './probeTeacher.ts';
import { saveOpinions } from './opinions.ts';

const recordsPerRequest = 64;

/** What a prediction says of a record, among the labels that can be given here. */
function opinionOf(
  record: LabelRecord,
  prediction: Prediction,
  labels: ReadonlySet<string>,
): ModelOpinion | undefined {
  if (prediction.form !== 'labels') return undefined;
  const known = prediction.labels.filter(({ label }) => labels.has(label));
  const [best, second] = known;
  if (best === undefined) return undefined;
  const entropy = prediction.labels.reduce(
    (sum, { probability }) => sum - (probability > 0 ? probability * Math.log(probability) : 0),
    0,
  );
  const given = record.answer?.kind === 'labels' ? record.answer.labels[0] : undefined;
  const belief = known.find(({ label }) => label === given)?.probability;
  return {
    number: record.number,
    suggestion: { kind: 'labels', labels: [best.label] },
    score: best.probability,
    margin: best.probability - (second?.probability ?? 0),
    entropy: entropy / Math.log(Math.max(2, prediction.labels.length)),
    ...(record.status === 'labelled' && belief !== undefined ? { belief } : {}),
  };
}

/**
 * Asks a finished run about a labelling's records, in random order up to a limit, and writes what it says.
 * @throws TunebenchError `run.wrongTaskForTry`, `run.noResult`, `labels.helpLabels`, `common.cancelled`
 */
export async function askRun(
  context: ServiceContext,
  evaluation: EvaluationWorker,
  run: RunDetail,
  labelling: LabellingSummary,
  goesOn: () => boolean,
  onProgress: (done: number, total: number) => void,
): Promise<Pick<StoredHelp, 'records'>> {
  const { store } = context;
  const { id, columns } = labelling;
  if (run.task !== 'classification') {
    throw new TunebenchError('run.wrongTaskForTry', { name: run.name, task: run.task, action: 'predict' });
  }
  const labels = new Set(labelling.labels.map(({ name }) => name));
  if (!run.labels.some((label) => labels.has(label))) {
    throw new TunebenchError('labels.helpLabels', { name: run.name, labels: run.labels.join(', ') });
  }
  const trainedFolder = resultFolder(context, run);
  const model = { modelFolder: loadJob(context, run.id).modelFolder, trainedFolder, task: run.task };
  const total = Math.min(labelling.records, largestPool);
  const [text = '', textPair] = columns.content;
  let done = 0;
  for (let after: { value: number; number: number } | undefined; done < total;) {
    if (!goesOn()) break;
    const page = store.labels.page(id, {
      filter: { statuses: ['pending', 'draft', 'labelled'] },
      order: 'random',
      limit: recordsPerRequest,
      ...(after === undefined ? {} : { after }),
    });
    const predictions = await evaluation.predict(
      model,
      page.records.map(({ fields }) => ({
        text: fields[text] ?? '',
        ...(textPair === undefined ? {} : { textPair: fields[textPair] ?? '' }),
      })),
    );
    const opinions = page.records.flatMap((record, index) => {
      const prediction = predictions[index];
      return (prediction && opinionOf(record, prediction, labels)) ?? [];
    });
    await saveOpinions(store, id, opinions, goesOn);
    done += page.records.length;
    onProgress(done, total);
    after = page.records.at(-1)?.cursor;
    if (!page.more) break;
  }
  return { records: done };
}
