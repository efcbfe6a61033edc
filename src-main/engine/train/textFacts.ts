import type { Split } from '../../contract/datasets.ts';
import type { Metrics } from '../../contract/runs.ts';
import type { Example } from '../data/examples.ts';
import type { TextTokenizer } from '../data/tokenizer.ts';

/** Examples looked at of each part. */
const examined = 2_000;
/** With fewer, the share of new tokens is chance. */
const leastExamples = 20;

function* some(examples: readonly Example[]): Generator<Example> {
  const stride = Math.max(1, examples.length / examined);
  for (let place = 0; place < examples.length; place += stride) {
    const example = examples[Math.floor(place)];
    if (example !== undefined) yield example;
  }
}

function* tokensOf(examples: Iterable<Example>): Generator<number> {
  for (const { ids, partner } of examples) {
    yield* ids;
    if (partner) yield* partner.ids;
  }
}

function shareOf(tokens: Iterable<number>, counts: (token: number) => boolean): number {
  let [found, all] = [0, 0];
  for (const token of tokens) {
    all++;
    if (counts(token)) found++;
  }
  return found / Math.max(1, all);
}

/**
 * What the tokens of a run's examples tell before anything is trained: the share that the vocabulary lacks
 * (`unknownShare`), and the share of each part's tokens that one half of the training examples does not have. Of the
 * other half it is `newTokens`; of the held-out parts `newTokensValidation` and `newTokensTest`.
 */
export function textFacts(
  examples: Readonly<Record<Split, readonly Example[]>>,
  { unknownId, specialIds }: Pick<TextTokenizer, 'unknownId' | 'specialIds'>,
): Metrics {
  const train = [...some(examples.train)];
  const facts: Record<string, number> = {
    unknownShare: unknownId === null ? 0 : shareOf(tokensOf(train), (token) => token === unknownId),
  };
  if (train.length < 2 * leastExamples) return facts;
  const half = (rest: number) => train.filter((_, index) => index % 2 === rest);
  const known = new Set(tokensOf(half(0)));
  const isNew = (token: number) => !known.has(token) && !specialIds.has(token);
  facts['newTokens'] = shareOf(tokensOf(half(1)), isNew);
  if (examples.validation.length >= leastExamples) {
    facts['newTokensValidation'] = shareOf(tokensOf(some(examples.validation)), isNew);
  }
  if (examples.test.length >= leastExamples) {
    facts['newTokensTest'] = shareOf(tokensOf(some(examples.test)), isNew);
  }
  return facts;
}
