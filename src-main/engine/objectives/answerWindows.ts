import { type Question } from '../data/answers.ts';
import type { Example } from '../data/examples.ts';
import type { LocatedToken, TextTokenizer } from '../data/tokenizer.ts';

/** A question with a part of its passage, as the model sees it. */
export interface AnswerWindow {
  readonly question: Question;
  readonly example: Example;
  /** Index of the passage's first token in the example. */
  readonly contextAt: number;
  /** The passage's tokens in this window. */
  readonly tokens: readonly LocatedToken[];
}

export interface WindowOptions {
  readonly maximumLength: number;
  /** Tokens that two neighbouring windows share. */
  readonly overlap: number;
}

/** First and last token of the answer in a window, or the first token of all where it does not lie in it whole. */
function targetOf(
  { answers }: Question,
  tokens: readonly LocatedToken[],
  contextAt: number,
): readonly number[] {
  const [answer] = answers;
  if (answer === undefined) return [0, 0];
  const first = tokens.findIndex(({ end }) => end > answer.start);
  const last = tokens.findLastIndex(({ start }) => start < answer.end);
  const begins = tokens[first];
  const ends = tokens[last];
  const isInside =
    begins !== undefined && ends !== undefined && begins.start <= answer.start && ends.end >= answer.end;
  return isInside && first <= last ? [contextAt + first, contextAt + last] : [0, 0];
}

/** Windows over a long passage, each with the whole question; a question may take half of a window at most. */
export function cutWindows(
  question: Question,
  tokenizer: TextTokenizer,
  { maximumLength, overlap }: WindowOptions,
): AnswerWindow[] {
  const room = Math.max(2, maximumLength - tokenizer.frame([], []).ids.length);
  const asked = tokenizer
    .locate(question.question)
    .slice(0, Math.floor(room / 2))
    .map(({ id }) => id);
  const all = tokenizer.locate(question.context);
  const width = room - asked.length;
  const step = Math.max(1, width - overlap);
  const windows: AnswerWindow[] = [];
  for (let from = 0; from === 0 || from + overlap < all.length; from += step) {
    const tokens = all.slice(from, from + width);
    const { ids, typeIds, secondAt } = tokenizer.frame(
      asked,
      tokens.map(({ id }) => id),
    );
    const target = targetOf(question, tokens, secondAt);
    windows.push({ question, example: { ids, typeIds, target }, contextAt: secondAt, tokens });
    if (from + width >= all.length) break;
  }
  return windows;
}
