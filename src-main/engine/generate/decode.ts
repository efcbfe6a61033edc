import { TunebenchError } from '../../contract/errors/index.ts';
import type { GenerationOptions } from '../../contract/worker.ts';
import { scope } from '../autodiff/scope.ts';
import { withoutGradient } from '../autodiff/tape.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import { type NamedStream, namedStream } from '../data/random.ts';
import type { TextTokenizer } from '../data/tokenizer.ts';
import { type KeyValueCache, type Model, type ModelBatch, evaluationPass } from '../models/model.ts';
import { argMax, fromValues, gatherRows, indicesFrom, reshape } from '../ops/index.ts';
import { chooseToken, penalizeRepetition } from './sampling.ts';
import { StopFilter, TokenTextStream } from './textStream.ts';

export interface GenerationSetup {
  readonly model: Model;
  readonly backend: Backend;
  readonly tokenizer: TextTokenizer;
  /** Token ids of each prompt; they may have different lengths. */
  readonly prompts: readonly (readonly number[])[];
  readonly options: GenerationOptions;
}

/** One text being written. */
interface Writing {
  readonly ids: number[];
  readonly texts: TokenTextStream;
  readonly stops: StopFilter;
  readonly random: NamedStream;
  isDone: boolean;
}

/** Rows of tokens, padded behind; a row without tokens takes part as padding only. */
function batchOf(backend: Backend, rows: readonly (readonly number[])[], padId: number): ModelBatch {
  const time = Math.max(1, ...rows.map((row) => row.length));
  const columns = (valueAt: (row: readonly number[], column: number) => number) =>
    fromValues(
      backend,
      Int32Array.from(
        rows.flatMap((row) => Array.from({ length: time }, (_, column) => valueAt(row, column))),
      ),
      [rows.length, time],
      'int32',
    );
  return {
    inputIds: columns((row, column) => row[column] ?? padId),
    attentionMask: columns((row, column) => Number(column < row.length)),
    lengths: rows.map((row) => row.length),
  };
}

/**
 * Feeds each row's tokens after those in the cache.
 * @param read what is made of the logits of each row's next token `[rows, vocabulary]`
 */
function feed<Read>(
  { model, backend, tokenizer }: GenerationSetup,
  rows: readonly (readonly number[])[],
  cache: KeyValueCache,
  read: (logits: Tensor) => Read,
): Read {
  const found: Read[] = [];
  withoutGradient(() =>
    scope(() => {
      const hidden = model.encodeCached(batchOf(backend, rows, tokenizer.padId), cache, evaluationPass);
      const [count = 0, time = 0, width = 0] = hidden.shape;
      const last = indicesFrom(
        backend,
        rows.map((row, index) => index * time + Math.max(0, row.length - 1)),
      );
      found.push(
        read(
          model.vocabularyLogits(gatherRows(reshape(hidden, [count * time, width]), last), evaluationPass),
        ),
      );
    }),
  );
  const [first] = found;
  if (first === undefined) throw new Error('Nothing was read.');
  return first;
}

/** The cache generation begins with; where an encoder reads the prompts, it holds what the decoder sees of them. */
function openCache({ model, backend, tokenizer, prompts }: GenerationSetup): KeyValueCache {
  if (model.startToken === null) return model.makeCache();
  const caches: KeyValueCache[] = [];
  withoutGradient(() =>
    scope(() => void caches.push(model.makeCache(batchOf(backend, prompts, tokenizer.padId)))),
  );
  const [cache] = caches;
  if (cache === undefined) throw new Error('No cache was made.');
  return cache;
}

/** The next token of every row that is still being written. Only numbers leave the backend where no draw needs more. */
function makeChooser(options: GenerationOptions, writings: readonly Writing[]) {
  const isGreedy = options.temperature === 0 && options.repetitionPenalty === 1;
  return (logits: Tensor, count: number): number[] => {
    if (isGreedy) return Array.from(argMax(logits).values());
    const [, vocabulary = 0] = logits.shape;
    const values = logits.values();
    return writings.map(({ ids, isDone, random }, row) => {
      if (isDone) return -1;
      const own = Float32Array.from(values.subarray(row * vocabulary, (row + 1) * vocabulary));
      penalizeRepetition(own, ids, options.repetitionPenalty);
      return chooseToken(own, options, random.uniform(count));
    });
  };
}

function checkPrompts({ model, prompts }: GenerationSetup): void {
  for (const prompt of prompts) {
    if (prompt.length === 0) throw new TunebenchError('generation.emptyPrompt');
    if (prompt.length >= model.maximumLength) {
      const params = { tokens: prompt.length, maximum: model.maximumLength };
      throw new TunebenchError('generation.promptTooLong', params);
    }
  }
}

/** Takes a token → the text that became certain; ends the text at an end token, a stop string or the model's limit. */
function take(writing: Writing, next: number, { model, tokenizer }: GenerationSetup): string {
  if (writing.isDone) return '';
  if (tokenizer.stopIds.includes(next)) return finish(writing);
  writing.ids.push(next);
  const text = writing.stops.push(writing.texts.push(next));
  if (!writing.stops.stopped && writing.ids.length < model.maximumLength) return text;
  return text + finish(writing);
}

/** What was held back, once nothing follows. */
function finish(writing: Writing): string {
  if (writing.isDone) return '';
  writing.isDone = true;
  if (writing.stops.stopped) return '';
  const rest = writing.stops.push(writing.texts.flush());
  return rest + writing.stops.flush();
}

/**
 * Writes on from several prompts at once, one token each at a time, every row until an end token, a stop string or the
 * limit. Each step gives the text of each row that became certain, which may be empty; between steps the caller can stop
 * by returning the generator. A row's text is that of its prompt alone, up to rounding in the logits.
 * @throws TunebenchError `generation.emptyPrompt`, `generation.promptTooLong`
 */
export function* generateTexts(setup: GenerationSetup): Generator<string[], void> {
  checkPrompts(setup);
  const { model, tokenizer, prompts, options } = setup;
  // Where an encoder reads the prompts, what is written begins with a token of its own instead of going on from them.
  const begun = model.startToken === null ? prompts : prompts.map(() => [Number(model.startToken)]);
  const writings = begun.map((tokens, row): Writing => ({
    ids: [...tokens],
    texts: new TokenTextStream(tokenizer, tokens),
    stops: new StopFilter(options.stop),
    random: namedStream(options.seed, 'generation', row),
    isDone: false,
  }));
  const choose = makeChooser(options, writings);
  const cache = openCache(setup);
  try {
    let fed = begun;
    for (let count = 0; count < options.maximumNewTokens; count++) {
      const next = feed(setup, fed, cache, (logits) => choose(logits, count));
      yield writings.map((writing, row) => take(writing, next[row] ?? -1, setup));
      if (writings.every(({ isDone }) => isDone)) return;
      fed = writings.map(({ isDone, ids }) => (isDone ? [] : ids.slice(-1)));
    }
    yield writings.map(finish);
  } finally {
    cache.dispose();
  }
}
