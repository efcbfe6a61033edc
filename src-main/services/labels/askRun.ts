import { TunebenchError } from '../../contract/errors/index.ts';
import { taskOfHelpingRun } from '../../contract/labelHelp.ts';
import type { LabelRecord, LabellingSummary } from '../../contract/labels.ts';
import type { RunDetail } from '../../contract/runs.ts';
import type { Prediction } from '../../contract/worker.ts';
import { beliefIn, opinionOfOne, opinionOfSeveral } from '../../engine/probe/opinion.ts';
import type { ModelOpinion, StoredHelp } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import type { EvaluationWorker } from '../playground/evaluationWorker.ts';
import { loadJob, resultFolder } from '../runs/resultFolders.ts';
import { largestPool } from './probeTeacher.ts';
import { saveOpinions } from './opinions.ts';

const recordsPerRequest = 64;

/** What the tags of named entities speak about: `B-PERSON` and `I-PERSON` about `PERSON`. */
const typesOfTags = (tags: readonly string[]) => [
  ...new Set(tags.flatMap((tag) => (/^[BI]-/.test(tag) ? tag.slice(2) : []))),
];

type Said = Pick<ModelOpinion, 'suggestion' | 'score' | 'margin' | 'entropy'>;

function saidOfLabels(
  record: LabelRecord,
  { labels: ranked, threshold }: Extract<Prediction, { form: 'labels' }>,
  labels: ReadonlySet<string>,
): (Said & Pick<ModelOpinion, 'belief'>) | undefined {
  const known = ranked.filter(({ label }) => labels.has(label));
  if (known.length === 0) return undefined;
  const several = threshold !== undefined;
  const probabilities = known.map(({ probability }) => probability);
  const { classes, probability, margin, entropy } = several
    ? opinionOfSeveral(probabilities, threshold)
    : opinionOfOne(probabilities);
  const given = record.answer?.kind === 'labels' ? record.answer.labels : [];
  const places = given.map((label) => known.findIndex((each) => each.label === label));
  const judged = record.status === 'labelled' && given.length > 0 && !places.includes(-1);
  return {
    suggestion: { kind: 'labels', labels: classes.flatMap((place) => known[place]?.label ?? []) },
    score: probability,
    margin,
    entropy,
    ...(judged ? { belief: beliefIn(places, probabilities, several) } : {}),
  };
}

function saidOfSpans(
  { spans, leastSure }: Extract<Prediction, { form: 'spans' }>,
  labels: ReadonlySet<string>,
): Said {
  const known = spans.filter(({ label }) => labels.has(label));
  return {
    suggestion: { kind: 'spans', spans: known.map(({ start, end, label }) => ({ start, end, label })) },
    score: leastSure?.probability ?? 0,
    margin: leastSure?.margin ?? 0,
    entropy: leastSure?.entropy ?? 1,
  };
}

/** What a prediction says of a record, among the labels that can be given here. */
function opinionOf(
  record: LabelRecord,
  prediction: Prediction,
  labels: ReadonlySet<string>,
): ModelOpinion | undefined {
  const said =
    prediction.form === 'labels'
      ? saidOfLabels(record, prediction, labels)
      : prediction.form === 'spans'
        ? saidOfSpans(prediction, labels)
        : undefined;
  return said && { number: record.number, ...said };
}

/**
 * Asks a finished run about a labelling's records, in random order up to a limit, and writes what it says.
 * @throws TunebenchError `labels.helpRunTask`, `run.noResult`, `labels.helpLabels`, `common.cancelled`
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
  const wanted = taskOfHelpingRun[labelling.task];
  if (run.task !== wanted) {
    throw new TunebenchError('labels.helpRunTask', { name: run.name, task: run.task, wanted: wanted ?? '–' });
  }
  const labels = new Set(labelling.labels.map(({ name }) => name));
  const own = run.task === 'tokenClassification' ? typesOfTags(run.labels) : run.labels;
  if (!own.some((label) => labels.has(label))) {
    throw new TunebenchError('labels.helpLabels', { name: run.name, labels: own.join(', ') });
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
      page.records.map(({ fields }) =>
        // Places of spans are those in the text as it is shown.
        labelling.task === 'spans'
          ? { text: columns.content.map((column) => fields[column] ?? '').join('\n') }
          : {
              text: fields[text] ?? '',
              ...(textPair === undefined ? {} : { textPair: fields[textPair] ?? '' }),
            },
      ),
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
