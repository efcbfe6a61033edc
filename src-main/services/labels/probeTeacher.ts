import { textOf } from '../../contract/datasets.ts';
import type { Answer, LabellingSummary } from '../../contract/labels.ts';
import type { ModelSummary } from '../../contract/models.ts';
import type { ProbeLesson } from '../../contract/probe.ts';
import { createSha256 } from '../../platform/index.ts';
import type { FeaturedRecord, ModelOpinion, StoredRecord } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import type { EvaluationWorker } from '../playground/evaluationWorker.ts';
import { saveOpinions } from './opinions.ts';

/** Records a probe looks at: more would make lessons slow, and a person labels far fewer. */
export const largestPool = 20_000;
const textsPerRequest = 128;
/** Judging labelled records takes several lessons, and choosing different ones time: both wait for so much more to learn from. */
const growthBeforeReview = 1.1;
const differentRecords = 200;

function sha256(text: string): string {
  const hash = createSha256();
  hash.update(text);
  return hash.digest();
}

/** What a labelling shows of a record, as a model reads it. */
function readableText(labelling: LabellingSummary, record: StoredRecord): string {
  return labelling.columns.content.map((column) => textOf(record.fields[column])).join('\n');
}

const labelsGiven = (answer: Answer | null) => (answer?.kind === 'labels' ? answer.labels : []);

export interface Lesson {
  readonly records: number;
  readonly learned: number;
  /** Null where it was not measured this time. */
  readonly accuracy: number | null;
  /** There is nothing to tell apart yet. */
  readonly waits: boolean;
}

/** A probe for one labelling: reads records with a base model, learns from the labelled ones, and says what it thinks. */
export class ProbeTeacher {
  readonly #context: ServiceContext;
  readonly #evaluation: EvaluationWorker;
  readonly #model: ModelSummary;
  /** Labelled records when they were last judged; all are the first time. */
  #reviewed = 0;
  /** What was written last of each record, so that only what changed is written again. */
  readonly #said = new Map<number, string>();

  constructor(context: ServiceContext, evaluation: EvaluationWorker, model: ModelSummary) {
    this.#context = context;
    this.#evaluation = evaluation;
    this.#model = model;
  }

  /** The features of a dataset's texts by this model; every labelling of the dataset shares them. */
  cacheFolder(labelling: LabellingSummary): string {
    const name = sha256(`${labelling.datasetId} ${this.#model.id}`).slice(0, 24);
    return this.#context.files.join(this.#context.dataFolder.featuresPath, name);
  }

  /** Reads records that have no features yet: labelled ones first, others in random order up to a limit. */
  async read(
    labelling: LabellingSummary,
    goesOn: () => boolean,
    onProgress: (done: number, total: number) => void,
  ): Promise<void> {
    const { labels } = this.#context.store;
    const { id, records } = labelling;
    const model = {
      modelFolder: this.#model.folder,
      task: this.#model.tasks.includes('classification')
        ? ('classification' as const)
        : ('causalLm' as const),
    };
    const total = Math.min(records, largestPool);
    let done = labels.features(id).length;
    for (const status of ['labelled', 'pending', 'draft'] as const) {
      for (;;) {
        const room = status === 'labelled' ? textsPerRequest : Math.min(textsPerRequest, total - done);
        const found = room > 0 && goesOn() ? labels.withoutFeature(id, status, room) : [];
        if (found.length === 0) break;
        const texts = found.map((record) => {
          const text = readableText(labelling, record);
          return { number: record.number, name: sha256(text).slice(0, 16), text };
        });
        await this.#evaluation.readTexts(
          this.cacheFolder(labelling),
          model,
          texts.map(({ name, text }) => ({ name, text })),
        );
        // An edit that came meanwhile has another text: the next reading finds it again.
        const unchanged = texts.filter(({ number, text }) => {
          const record = labels.record(id, number);
          return record !== undefined && readableText(labelling, record) === text;
        });
        labels.saveFeatures(
          id,
          unchanged.map(({ number, name }) => ({ number, feature: name })),
        );
        done += unchanged.length;
        onProgress(Math.min(done, total), total);
      }
    }
  }

  /** Teaches the probe with what is labelled and writes what it thinks of the rest. Undefined where it was ended. */
  async teach(labelling: LabellingSummary, goesOn: () => boolean): Promise<Lesson | undefined> {
    const { labels: table } = this.#context.store;
    const { id } = labelling;
    const pool = table.features(id);
    const given = pool.map(({ status, answer }) => (status === 'labelled' ? labelsGiven(answer) : []));
    const used = new Set(given.flat());
    const classes = labelling.labels.map(({ name }) => name).filter((name) => used.has(name));
    const answers = given.map((labels) =>
      labels.length === 0 ? null : labels.map((label) => classes.indexOf(label)),
    );
    const several = labelling.task === 'multi';
    const learned = answers.filter((answer) => answer !== null).length;
    const waits = classes.length < 2;
    const reviews = this.#said.size === 0 || learned >= this.#reviewed * growthBeforeReview;
    const lesson = await this.#evaluation.teachProbe(this.cacheFolder(labelling), {
      pool: pool.map(({ feature }) => feature),
      answers,
      several,
      classes: Math.max(1, classes.length),
      crossValidates: reviews && !waits,
      different: reviews ? differentRecords : 0,
    });
    if (reviews) this.#reviewed = learned;
    if (!goesOn()) return undefined;
    await saveOpinions(this.#context.store, id, this.#news(pool, classes, lesson, reviews), goesOn);
    return { records: pool.length, learned, accuracy: lesson.accuracy, waits };
  }

  /** What the lesson says of each record, where that is not what was said last. */
  #news(
    pool: readonly FeaturedRecord[],
    classes: readonly string[],
    lesson: ProbeLesson,
    reviews: boolean,
  ): ModelOpinion[] {
    const news = new Map<number, ModelOpinion>();
    for (const { index, classes: likely, probability, margin, entropy, belief } of lesson.opinions) {
      const number = pool[index]?.number;
      const labels = likely.flatMap((each) => classes[each] ?? []);
      if (number === undefined || labels.length === 0) continue;
      news.set(number, {
        number,
        suggestion: { kind: 'labels', labels },
        score: probability,
        margin,
        entropy,
        ...(belief === undefined ? {} : { belief }),
      });
    }
    if (reviews) {
      const places = new Map(lesson.different.map((index, place) => [index, place + 1]));
      pool.forEach(({ number }, index) => {
        news.set(number, { ...news.get(number), number, place: places.get(index) ?? null });
      });
    }
    return [...news.values()].filter((opinion) => {
      const text = JSON.stringify(opinion);
      if (this.#said.get(opinion.number) === text) return false;
      this.#said.set(opinion.number, text);
      return true;
    });
  }
}
