import { TunebenchError } from '../../contract/errors/index.ts';
import { withKeys } from '../../contract/labelKeys.ts';
import type { Agreement, RecordVotes } from '../../contract/labelRounds.ts';
import type { Answer, LabellingSummary } from '../../contract/labels.ts';
import { cohenKappa, fleissKappa, krippendorffAlpha, rawAgreement } from '../../datasets/index.ts';
import type { NewLabelRecord, StoredRecord } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import { newId, timestamp } from '../identity.ts';
import type { JobControl } from '../jobs.ts';

const rowsPerTransaction = 1000;
const pause = () => new Promise((resolve) => setImmediate(resolve));

/** What was decided about a record; undefined where nothing was. */
function decision({ status, answer }: StoredRecord): Answer | undefined {
  return status === 'labelled' && answer !== null ? answer : undefined;
}

/** The same text for the same answer, in whatever order its labels were chosen. */
function answerKey(answer: Answer): string {
  if (answer.kind === 'labels') return [...answer.labels].sort().join('\u0001');
  return JSON.stringify(answer);
}

const meaningful = (value: number) => (Number.isFinite(value) ? value : null);

/** @throws TunebenchError `labels.otherRows` */
function checkSameRows(rounds: readonly LabellingSummary[]): LabellingSummary {
  const [first] = rounds;
  if (first === undefined) throw new Error('There is no round to compare.');
  for (const { datasetId, task, name } of rounds) {
    if (datasetId !== first.datasetId || task !== first.task) {
      throw new TunebenchError('labels.otherRows', { name, first: first.name });
    }
  }
  return first;
}

/** The records of the first round with what every round decided, in order. Rows that came later have no partner elsewhere. */
function* sameRecords(
  { store }: ServiceContext,
  rounds: readonly LabellingSummary[],
): Generator<{ record: StoredRecord; answers: (Answer | undefined)[] }> {
  const [first, ...others] = rounds;
  if (first === undefined) return;
  const rows = store.datasets.get(first.datasetId)?.rows ?? Infinity;
  const iterators = others.map(({ id }) => ({
    records: store.labels.allRecords(id),
    held: undefined as StoredRecord | undefined,
  }));
  for (const record of store.labels.allRecords(first.id)) {
    if (record.number > rows) return;
    const answers = iterators.map((other) => {
      while ((other.held?.number ?? 0) < record.number) {
        const next = other.records.next();
        if (next.done) return undefined;
        other.held = next.value;
      }
      return other.held?.number === record.number ? decision(other.held) : undefined;
    });
    yield { record, answers: [decision(record), ...answers] };
  }
}

/**
 * How far labellings of the same rows agree.
 * @throws TunebenchError `labels.otherRows`
 */
export async function measureAgreement(
  context: ServiceContext,
  rounds: readonly LabellingSummary[],
): Promise<Agreement> {
  const { task } = checkSameRows(rounds);
  /** Per record the answers of each round as text, where any has one. */
  const rows: (string | undefined)[][] = [];
  let read = 0;
  for (const { answers } of sameRecords(context, rounds)) {
    const keys = answers.map((answer) => (answer === undefined ? undefined : answerKey(answer)));
    if (keys.some((key) => key !== undefined)) rows.push(keys);
    if (++read % rowsPerTransaction === 0) await pause();
  }
  const given = (row: readonly (string | undefined)[]) => row.filter((key) => key !== undefined);
  const complete = rows.map(given).filter((row) => row.length === rounds.length);
  const agreeing = complete.filter((row) => new Set(row).size === 1).length;
  const pairs = rounds.flatMap((first, one) =>
    rounds.slice(one + 1).map((second, offset) => {
      const other = one + 1 + offset;
      const both = rows.filter((row) => row[one] !== undefined && row[other] !== undefined);
      const ones = both.map((row) => row[one] ?? '');
      const others = both.map((row) => row[other] ?? '');
      return {
        first: first.id,
        second: second.id,
        records: both.length,
        raw: meaningful(rawAgreement(ones, others)),
        cohen: both.length === 0 ? null : meaningful(cohenKappa(ones, others)),
      };
    }),
  );
  const kind = task === 'rating' ? 'ordinal' : 'nominal';
  return {
    rounds: rounds.map(({ id, name, byStatus }) => ({ id, name, labelled: byStatus.labelled })),
    records: complete.length,
    disagreements: complete.length - agreeing,
    raw: complete.length === 0 ? null : agreeing / complete.length,
    pairs,
    fleiss: complete.length === 0 ? null : meaningful(fleissKappa(complete)),
    krippendorff: complete.length === 0 ? null : meaningful(krippendorffAlpha(rows.map(given), kind)),
  };
}

/** The answer most rounds gave, with its share; the earliest where several are equal. */
function majority(answers: readonly Answer[]): { answer: Answer; share: number } | undefined {
  const votes = new Map<string, { answer: Answer; count: number }>();
  for (const answer of answers) {
    const key = answerKey(answer);
    const vote = votes.get(key) ?? { answer, count: 0 };
    vote.count++;
    votes.set(key, vote);
  }
  const [best] = [...votes.values()].sort((one, other) => other.count - one.count);
  return best && { answer: best.answer, share: best.count / answers.length };
}

/**
 * Makes a labelling of what several have labelled: where all that answered agree, theirs; where they do not, the majority's
 * answer as a suggestion, as a draft to be decided. Records that only one round has labelled keep that answer.
 * @throws TunebenchError `labels.otherRows`
 */
export async function openAdjudication(
  context: ServiceContext,
  rounds: readonly LabellingSummary[],
  name: string,
  job: JobControl,
): Promise<LabellingSummary> {
  const first = checkSameRows(rounds);
  const names = new Set(rounds.flatMap(({ labels }) => labels.map((label) => label.name)));
  const keys = new Map(first.labels.map((label) => [label.name, label.key]));
  const { datasetId, datasetName, task, recordKind, columns, seed } = first;
  const writer = context.store.labels.start({
    id: newId(),
    name,
    datasetId,
    datasetName,
    task,
    recordKind,
    columns,
    labels: withKeys([...names].map((label) => ({ name: label, key: keys.get(label) ?? null }))),
    seed,
    addedAt: timestamp(),
    rounds: rounds.map(({ id, name: called }) => ({ id, name: called })),
  });
  let batch: NewLabelRecord[] = [];
  let written = 0;
  const flush = async () => {
    writer.append(batch);
    written += batch.length;
    batch = [];
    job.progress(written, first.records);
    await pause();
    job.signal.throwIfAborted();
  };
  for (const { record, answers } of sameRecords(context, rounds)) {
    const given = answers.filter((answer) => answer !== undefined);
    const best = majority(given);
    const settled = best?.share === 1 ? best.answer : null;
    batch.push({
      // Drafts are what somebody has to look at again.
      status: settled !== null ? 'labelled' : best === undefined ? 'pending' : 'draft',
      split: record.split,
      fields: record.fields,
      answer: settled,
      suggestion: settled === null ? (best?.answer ?? null) : null,
    });
    if (batch.length >= rowsPerTransaction) await flush();
  }
  await flush();
  return writer.finish();
}

/** What the rounds of an adjudication say about records now; rounds that were removed say nothing. */
export function readVotes(
  { store }: ServiceContext,
  { rounds }: LabellingSummary,
  numbers: readonly number[],
): RecordVotes[] {
  const present = rounds.filter(({ id }) => store.labels.get(id) !== undefined);
  return numbers.map((number) => ({
    number,
    votes: present.flatMap(({ id, name }) => {
      const record = store.labels.record(id, number);
      const answer = record === undefined ? undefined : decision(record);
      return answer === undefined ? [] : [{ round: name, answer }];
    }),
  }));
}
