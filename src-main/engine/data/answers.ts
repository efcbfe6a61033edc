import type { RowContent } from '../../contract/methods.ts';

/** An answer where it stands in its passage, `[start, end)` in UTF-16 units. */
export interface Answer {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Question {
  readonly question: string;
  readonly context: string;
  /** All that count as right, the first to learn from; empty where the passage has no answer. */
  readonly answers: readonly Answer[];
}

/** Places of all occurrences of a text. */
function occurrences(context: string, text: string): number[] {
  const places: number[] = [];
  for (let at = context.indexOf(text); at >= 0; at = context.indexOf(text, at + 1)) places.push(at);
  return places;
}

/**
 * The answer in its passage: at its start, or, where that does not agree (starts are also counted in characters or in
 * bytes), the occurrence nearest to it.
 */
function place(context: string, text: string, start: number | null): Answer[] {
  if (text.trim() === '') return [];
  if (start !== null && context.startsWith(text, start)) return [{ text, start, end: start + text.length }];
  const [nearest] = occurrences(context, text).sort((a, b) =>
    start === null ? a - b : Math.abs(a - start) - Math.abs(b - start),
  );
  return nearest === undefined ? [] : [{ text, start: nearest, end: nearest + text.length }];
}

function readWhole(cell: string | undefined): number | null {
  const number = Number(cell?.trim() || NaN);
  return Number.isInteger(number) && number >= 0 ? number : null;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** SQuAD's `{text: […], answer_start: […]}`, or a list of `{text, answer_start}`; null where the cell is plain text. */
function readStructured(cell: string): { text: string; start: number | null }[] | null {
  if (!/^\s*[[{]/.test(cell)) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(cell);
  } catch {
    return null;
  }
  return asList(parsed).flatMap((entry) => {
    if (typeof entry === 'string') return [{ text: entry, start: null }];
    if (typeof entry !== 'object' || entry === null) return [];
    const starts = asList(Reflect.get(entry, 'answer_start'));
    return asList(Reflect.get(entry, 'text') ?? []).flatMap((text, index) => {
      const start = starts[index];
      return typeof text === 'string' ? [{ text, start: typeof start === 'number' ? start : null }] : [];
    });
  });
}

/** What a row asks. Answers that do not stand in the passage are left out; null where it says there are some and none does. */
export function readQuestion({
  question = '',
  context = '',
  answer = '',
  answerStart,
}: RowContent): Question | null {
  const given = readStructured(answer) ?? [{ text: answer, start: readWhole(answerStart) }];
  const named = given.filter(({ text }) => text.trim() !== '');
  const answers = named.flatMap(({ text, start }) => place(context, text, start));
  return named.length > 0 && answers.length === 0 ? null : { question, context, answers };
}
