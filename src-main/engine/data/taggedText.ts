import type { RowContent } from '../../contract/methods.ts';
import {
  type LabelledStretch,
  type TextWords,
  joinWords,
  spansOfWords,
  wordsOf,
} from '../../contract/taggedWords.ts';

export interface TaggedText extends TextWords {
  /** Null where a row says nothing about them, as one that is to be tried. */
  readonly spans: readonly LabelledStretch[] | null;
}

/** A JSON list, or items with white space between them. */
function readList(cell: string): string[] {
  const text = cell.trim();
  if (text.startsWith('[')) {
    const parsed = parseJson(text);
    if (Array.isArray(parsed)) return parsed.map(String);
  }
  return text === '' ? [] : text.split(/\s+/u);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One span as labelling tools write it: `{start, end, label}`, the label also called tag, type or entity; or a triple. */
function readSpan(value: unknown): LabelledStretch[] {
  if (typeof value !== 'object' || value === null) return [];
  const get = (...names: readonly (string | number)[]): unknown =>
    names.map((name): unknown => Reflect.get(value, name)).find((found) => found !== undefined);
  const [start, end, label] = [get('start', 0), get('end', 1), get('label', 'tag', 'type', 'entity', 2)];
  const isWhole = typeof start === 'number' && typeof end === 'number' && typeof label === 'string';
  return isWhole && start >= 0 && start < end ? [{ start, end, label }] : [];
}

/** The spans in a cell, in the order they begin; null where it is not a list. */
export function readSpans(cell: string): LabelledStretch[] | null {
  const parsed = parseJson(cell);
  if (!Array.isArray(parsed)) return null;
  return parsed.flatMap(readSpan).sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The text, words and spans of a row; null where its words and tags are not as many, or its spans are no list. */
export function readTaggedText({ text = '', tokens, tags, spans }: RowContent): TaggedText | null {
  const list = tokens === undefined ? null : readList(tokens);
  const content = list === null ? { text, words: wordsOf(text) } : joinWords(list);
  if (list !== null && tags !== undefined) {
    const found = readList(tags);
    if (found.length !== list.length) return null;
    return { ...content, spans: spansOfWords(content.words, found) };
  }
  if (spans === undefined) return { ...content, spans: null };
  const read = readSpans(spans);
  return read === null ? null : { ...content, spans: read };
}
