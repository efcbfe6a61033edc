import { TunebenchError } from '../../contract/errors/index.ts';
import type { ProbeLesson, ProbeOpinion } from '../../contract/probe.ts';
import type { WorkerRequest } from '../../contract/worker.ts';
import type { Backend } from '../backend/backend.ts';
import type { EngineFiles } from '../files.ts';
import { FeatureCache } from './featureCache.ts';
import { chooseDifferent, findNearest } from './spread.ts';
import { crossPredict, opinionOf, teachAndPredict } from './teach.ts';
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
    classes,
    crossValidates,
    different,
  }: Request<'teachProbe'>): ProbeLesson {
    const features = this.#featuresOf(cacheFolder, pool);
    const indices = pool.map((_, index) => index);
    const labelled = indices.filter((index) => (answers[index] ?? -1) >= 0);
    const open = indices.filter((index) => (answers[index] ?? -1) < 0);
    const rowsAt = (wanted: readonly number[]) => wanted.flatMap((index) => features[index] ?? []);
    const taught = { rows: rowsAt(labelled), labels: labelled.map((index) => answers[index] ?? 0) };
    const say = (index: number, probabilities: Float32Array): ProbeOpinion => {
      const { best, probability, margin, entropy } = opinionOf(probabilities);
      return {
        index,
        best,
        probability: rounded(probability),
        margin: rounded(margin),
        entropy: rounded(entropy),
      };
    };
    const predicted = classes < 2 ? [] : teachAndPredict(this.#backend, taught, rowsAt(open), classes);
    const opinions = predicted.map((probabilities, row) => say(open[row] ?? 0, probabilities));
    let accuracy: number | null = null;
    if (crossValidates) {
      const crossed = crossPredict(this.#backend, taught, classes);
      const counts = Array<number>(classes).fill(0);
      for (const label of taught.labels) counts[label] = (counts[label] ?? 0) + 1;
      let right = 0;
      labelled.forEach((index, row) => {
        const label = taught.labels[row] ?? 0;
        const probabilities = crossed[row] ?? new Float32Array(classes);
        const opinion = say(index, probabilities);
        if (opinion.best === label) right++;
        // The only one of its class was judged by a probe that did not know the class.
        const alone = (counts[label] ?? 0) < 2;
        opinions.push(alone ? opinion : { ...opinion, belief: rounded(probabilities[label] ?? 0) });
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
