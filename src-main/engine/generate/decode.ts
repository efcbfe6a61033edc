import { TunebenchError } from '../../contract/errors/index.ts';
import type { GenerationOptions } from '../../contract/worker.ts';
import { scope } from '../autodiff/scope.ts';
import { withoutGradient } from '../autodiff/tape.ts';
import type { Backend } from '../backend/backend.ts';
import { collate } from '../data/collate.ts';
import { namedStream } from '../data/random.ts';
import type { TextTokenizer } from '../data/tokenizer.ts';
import type { KeyValueCache, Model } from '../models/model.ts';
import { reshape, slice } from '../ops/index.ts';
import { evaluationPass } from '../train/evaluate.ts';
import { chooseToken, penalizeRepetition } from './sampling.ts';
import { StopFilter, TokenTextStream } from './textStream.ts';

export interface GenerationSetup {
  readonly model: Model;
  readonly backend: Backend;
  readonly tokenizer: TextTokenizer;
  readonly promptIds: readonly number[];
  readonly options: GenerationOptions;
}

/** Feeds tokens after those in the cache → logits of the token that follows, `[vocabulary]`. */
function feed(setup: GenerationSetup, ids: readonly number[], cache: KeyValueCache): Float32Array {
  const { model, backend, tokenizer } = setup;
  let logits = new Float32Array();
  withoutGradient(() =>
    scope(() => {
      const batch = collate({ backend, padId: tokenizer.padId }, [{ ids, typeIds: null, target: [] }]);
      const hidden = model.encodeCached(batch, cache, evaluationPass);
      const last = slice(hidden, [0, ids.length - 1, 0], [1, 1, model.hiddenSize]);
      const row = model.vocabularyLogits(reshape(last, [1, model.hiddenSize]));
      logits = Float32Array.from(row.values());
    }),
  );
  return logits;
}

function checkPrompt({ model, promptIds }: GenerationSetup): void {
  if (promptIds.length === 0) throw new TunebenchError('generation.emptyPrompt');
  if (promptIds.length >= model.maximumLength) {
    throw new TunebenchError('generation.promptTooLong', {
      tokens: promptIds.length,
      maximum: model.maximumLength,
    });
  }
}

/**
 * Writes on from a prompt, one token at a time, until an end token, a stop string or the limit. Each step gives the
 * text that became certain, which may be empty; between steps the caller can stop by returning the generator.
 * @throws TunebenchError `generation.emptyPrompt`, `generation.promptTooLong`
 */
export function* generateText(setup: GenerationSetup): Generator<string, void> {
  checkPrompt(setup);
  const { model, tokenizer, promptIds, options } = setup;
  const random = namedStream(options.seed, 'generation');
  const texts = new TokenTextStream(tokenizer, promptIds);
  const stops = new StopFilter(options.stop);
  const ids = [...promptIds];
  const cache = model.makeCache();
  try {
    let logits = feed(setup, ids, cache);
    for (let count = 0; count < options.maximumNewTokens; count++) {
      penalizeRepetition(logits, ids, options.repetitionPenalty);
      const next = chooseToken(logits, options, random.uniform(count));
      if (tokenizer.stopIds.includes(next)) break;
      ids.push(next);
      yield stops.push(texts.push(next));
      if (stops.stopped || ids.length >= model.maximumLength) break;
      logits = feed(setup, [next], cache);
    }
    if (!stops.stopped) {
      const rest = stops.push(texts.flush());
      yield rest + stops.flush();
    }
  } finally {
    cache.dispose();
  }
}
