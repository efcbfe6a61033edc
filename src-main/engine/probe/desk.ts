import { TunebenchError } from '../../contract/errors/index.ts';
import type { ProbeLesson, ProbeOpinion } from '../../contract/probe.ts';
import type { WorkerRequest } from '../../contract/worker.ts';
import type { Backend } from '../backend/backend.ts';
import type { EngineFiles } from '../files.ts';
import { FeatureCache } from './featureCache.ts';
import { beliefIn, opinionOfOne, opinionOfSeveral } from './opinion.ts';
import { chooseDifferent, findNearest } from './spread.ts';
import { crossPredict, teachAndPredict } from './teach.ts';
import { type ReadingModel, type TextReader, loadTextReader } from './textReader.ts';

type Request<Kind> = Extract<WorkerRequest, { kind: Kind }>;

/** Four decimals are as much as anybody sees, and keep unchanged suggestions unchanged. */
const rounded = (value: number) => Math.round(value * 1e4) / 1e4;

/** Answers what is asked while somebody labels; keeps the last reader and the last cache. */
export class ProbeDesk {
  readonly #files: EngineFiles;
  readonly #backend: Backend;
  #reader: { key: string; reader: TextReader } | undefined;
  #cache: { folder: string; cache: FeatureCache } | undefined;

  constructor(files: EngineFiles, backend: Backend) {
    this.#files = files;
    this.#backend = backend;
  }

  readTexts({ cacheFolder, model, texts }: Request<'readTexts'>): void {
    const cache = this.#cacheAt(cacheFolder);
    const missing = texts.filter(({ name }, index) => {
      return !cache.has(name) && texts.findIndex((other) => other.name === name) === index;
    });
    if (missing.length === 0) return;
    const features = this.#readerFor(model).read(missing.map(({ text }) => text));
    cache.add(missing.map(({ name }, index) => [name, features[index] ?? new Float32Array(0)] as const));
  }

  teach({
    cacheFolder,
    pool,
    answers,
    several,
    classes,
    crossValidates,
    different,
  }: Request<'teachProbe'>): ProbeLesson {
    const features = this.#featuresOf(cacheFolder, pool);
    const indices = pool.map((_, index) => index);
    const given = (index: number) => answers[index] ?? null;
    const labelled = indices.filter((index) => given(index) !== null);
    const open = indices.filter((index) => given(index) === null);
    const rowsAt = (wanted: readonly number[]) => wanted.flatMap((index) => features[index] ?? []);
    const taught = { rows: rowsAt(labelled), labels: labelled.map((index) => given(index) ?? []), several };
    const say = (index: number, probabilities: Float32Array): ProbeOpinion => {
      const think = several ? opinionOfSeveral : opinionOfOne;
      const { classes: likely, probability, margin, entropy } = think(probabilities);
      return {
        index,
        classes: [...likely],
        probability: rounded(probability),
        margin: rounded(margin),
        entropy: rounded(entropy),
      };
    };
    const predicted =
      classes < (several ? 1 : 2) ? [] : teachAndPredict(this.#backend, taught, rowsAt(open), classes);
    const opinions = predicted.map((probabilities, row) => say(open[row] ?? 0, probabilities));
    let accuracy: number | null = null;
    if (crossValidates) {
      const crossed = crossPredict(this.#backend, taught, classes);
      const counts = Array<number>(classes).fill(0);
      for (const label of taught.labels.flat()) counts[label] = (counts[label] ?? 0) + 1;
      let right = 0;
      labelled.forEach((index, row) => {
        const labels = taught.labels[row] ?? [];
        const probabilities = crossed[row] ?? new Float32Array(classes);
        const opinion = say(index, probabilities);
        const wanted = new Set(labels);
        if (opinion.classes.length === wanted.size && opinion.classes.every((label) => wanted.has(label)))
          right++;
        // The only one of its class was judged by a probe that did not know the class.
        const alone = labels.some((label) => (counts[label] ?? 0) < 2);
        const belief = rounded(beliefIn(labels, probabilities, several));
        opinions.push(alone ? opinion : { ...opinion, belief });
      });
      accuracy = right / labelled.length;
    }
    const chosen = chooseDifferent(this.#backend, rowsAt(open), taught.rows, different);
    return { opinions, accuracy, different: chosen.map((row) => open[row] ?? 0) };
  }

  nearest({
    cacheFolder,
    pool,
    name,
    count,
  }: Request<'findNearest'>): { index: number; similarity: number }[] {
    const [to = new Float32Array(0)] = this.#featuresOf(cacheFolder, [name]);
    return findNearest(this.#featuresOf(cacheFolder, pool), to, count);
  }

  /** Frees the weights of the model that reads. */
  dropReader(): void {
    this.#reader?.reader.dispose();
    this.#reader = undefined;
  }

  #featuresOf(cacheFolder: string, names: readonly string[]): Float32Array[] {
    const cache = this.#cacheAt(cacheFolder);
    return names.map((name) => {
      const feature = cache.get(name);
      if (feature === undefined) throw new TunebenchError('labels.featuresGone', { folder: cacheFolder });
      return feature;
    });
  }

  #cacheAt(folder: string): FeatureCache {
    if (this.#cache?.folder !== folder)
      this.#cache = { folder, cache: new FeatureCache(this.#files, folder) };
    return this.#cache.cache;
  }

  #readerFor(model: ReadingModel): TextReader {
    const key = JSON.stringify(model);
    if (this.#reader?.key !== key) {
      this.dropReader();
      this.#reader = { key, reader: loadTextReader(this.#files, this.#backend, model) };
    }
    return this.#reader.reader;
  }
}
