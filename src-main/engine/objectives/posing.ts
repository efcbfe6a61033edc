import type { RowContent } from '../../contract/methods.ts';
import type { Answer } from '../../contract/samples.ts';

/** A row as a question to the model, and what would be right. */
export type Posed = {
  /** For people to read. */
  readonly asked: RowContent;
  /** In one line; empty where the right answer is nothing, null where the row does not say. */
  readonly expected: string | null;
  /** Null where an answer is not simply right or wrong. */
  isRight(answer: Answer): boolean | null;
} & (
  | /** The parts that `predict` is given. */ { readonly reads: RowContent }
  | /** The tokens that are written on from, or read whole before an answer is written. */ {
      readonly prompt: readonly number[];
    }
);

/** A text, or two, to be judged; null where there is none. */
export function poseTexts(
  { text = '', textPair }: RowContent,
  expected: string | null,
  isRight: Posed['isRight'] = () => null,
): Posed | null {
  if (text.trim() === '') return null;
  const texts = { text, ...(textPair === undefined ? {} : { textPair }) };
  return { asked: texts, reads: texts, expected, isRight };
}

/**
 * A prompt to be answered; null where nothing is asked, or where it leaves no room for an answer. Another answer than the
 * expected one may be as good: only the very same is known to be right.
 */
export function posePrompt(
  asked: RowContent,
  expected: string,
  prompt: readonly number[],
  maximumLength: number,
): Posed | null {
  if (expected.trim() === '' || prompt.length === 0 || prompt.length >= maximumLength) return null;
  return {
    asked,
    expected,
    prompt,
    isRight: (answer) => (answer.form === 'text' && answer.text.trim() === expected.trim() ? true : null),
  };
}
