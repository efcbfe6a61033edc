import type { ObjectiveSpec, RowContent } from '../../contract/methods.ts';
import type { Encoded, TextTokenizer } from '../data/tokenizer.ts';
import type { Example } from '../data/examples.ts';

// What objectives share that judge a whole text, or a pair of texts.

export const textRoles = [
  { role: 'text', help: { en: 'The text to be judged.', ko: '판단할 글입니다.' } },
  {
    role: 'textPair',
    help: {
      en: 'A second text, when the answer is about two of them.',
      ko: '답이 두 글의 관계에 대한 것일 때 두 번째 글입니다.',
    },
  },
] as const satisfies ObjectiveSpec['roles'];

/** A text, or a pair of texts, as the model sees it. */
export function encodeTexts(
  tokenizer: TextTokenizer,
  { text = '', textPair }: RowContent,
  maximumLength: number,
): Pick<Example, 'ids' | 'typeIds'> & Pick<Encoded, 'truncated'> {
  const { ids, typeIds, truncated } = tokenizer.encode(text, { pair: textPair, maximumLength });
  return { ids, typeIds: textPair === undefined ? null : typeIds, truncated };
}

/** Every label that occurs, by code point, so that the order does not depend on the machine's language. */
export function sortLabels<Row>(rows: Iterable<Row>, labelsOf: (row: Row) => Iterable<string>): string[] {
  const labels = new Set<string>();
  for (const row of rows) for (const label of labelsOf(row)) if (label !== '') labels.add(label);
  return [...labels].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Labels with their probabilities, most probable first. */
export function rankLabels(
  labels: readonly string[],
  probabilities: ArrayLike<number>,
): { label: string; probability: number }[] {
  return labels
    .map((label, index) => ({ label, probability: probabilities[index] ?? 0 }))
    .sort((a, b) => b.probability - a.probability);
}
