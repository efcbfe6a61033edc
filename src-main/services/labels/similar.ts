import { textOf } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { SimilarRecords } from '../../contract/labelRounds.ts';
import type { LabelRecord, LabellingSummary } from '../../contract/labels.ts';
import { jaccard, normalizeText, shinglesOf } from '../../datasets/index.ts';
import type { StoredRecord } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import type { EvaluationWorker } from '../playground/evaluationWorker.ts';
import type { ProbeTeacher } from './probeTeacher.ts';

/** Without features every text is compared: so many, and leaving room for other work after each of the pieces. */
const mostCompared = 200_000;
const recordsAtOnce = 500;

interface Likeness {
  readonly number: number;
  readonly similarity: number;
}

/** Records by the share of the pieces of five characters they have in common with one: what MinHash estimates. */
async function compareTexts(
  { store }: ServiceContext,
  { id, columns }: LabellingSummary,
  like: StoredRecord,
  limit: number,
): Promise<Likeness[]> {
  const piecesOf = ({ fields }: StoredRecord) =>
    shinglesOf(normalizeText(columns.content.map((column) => textOf(fields[column])).join('\n')));
  const wanted = piecesOf(like);
  let best: Likeness[] = [];
  const keepBest = () => {
    best = best
      .sort((one, other) => other.similarity - one.similarity || one.number - other.number)
      .slice(0, limit);
  };
  let compared = 0;
  for (const record of store.labels.allRecords(id)) {
    if (compared++ >= mostCompared) break;
    if (record.number !== like.number) {
      const similarity = jaccard(wanted, piecesOf(record));
      if (similarity > 0) best.push({ number: record.number, similarity });
    }
    if (compared % recordsAtOnce !== 0) continue;
    keepBest();
    await new Promise((resolve) => setImmediate(resolve));
  }
  keepBest();
  return best;
}

/**
 * The records most like one, the most similar first.
 * @param teacher the labelling's probe, where it has one
 * @throws TunebenchError `common.notFound`
 */
export async function findSimilar(
  context: ServiceContext,
  evaluation: EvaluationWorker,
  labelling: LabellingSummary,
  teacher: ProbeTeacher | undefined,
  { number, limit }: { number: number; limit: number },
  shown: (number: number) => LabelRecord,
): Promise<SimilarRecords> {
  const { labels } = context.store;
  const { id } = labelling;
  const like = labels.record(id, number);
  if (like === undefined) throw new TunebenchError('common.notFound', { kind: 'record', id: String(number) });
  const pool = teacher === undefined ? [] : labels.features(id);
  const own = pool.find((record) => record.number === number);
  const named = (found: readonly Likeness[]) =>
    found.map(({ number: other, similarity }) => ({ ...shown(other), similarity }));
  if (teacher === undefined || own === undefined) {
    return { by: 'pieces', records: named(await compareTexts(context, labelling, like, limit)) };
  }
  const others = pool.filter((record) => record.number !== number);
  const found = await evaluation.findNearest(
    teacher.cacheFolder(labelling),
    others.map(({ feature }) => feature),
    own.feature,
    limit,
  );
  return {
    by: 'features',
    records: named(
      found.flatMap(({ index, similarity }) => {
        const record = others[index];
        return record === undefined ? [] : [{ number: record.number, similarity }];
      }),
    ),
  };
}
