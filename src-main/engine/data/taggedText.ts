import type { RowContent } from '../../contract/methods.ts';

// Texts with labelled stretches, from spans or from a tag per word. Tags may be IOB1, IOB2 (BIO), IOBES or BILOU.

/** A stretch of a text, `[start, end)` in UTF-16 units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface LabelledStretch extends Stretch {
  readonly label: string;
}

export interface TaggedText {
  readonly text: string;
  readonly words: readonly Stretch[];
  /** Null where a row says nothing about them, as one that is to be tried. */
  readonly spans: readonly LabelledStretch[] | null;
}

export const outside = 'O';

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

/** What a tag says; a label without a mark counts as one that goes on. */
function readTag(tag: string): { readonly mark: string; readonly label: string } | null {
  if (tag === '' || tag === outside) return null;
  const [, mark = 'I', label = tag] = /^([BIESLU])-(.+)$/u.exec(tag) ?? [];
  return { mark, label };
}

/**
 * The spans that tags of consecutive units mean, as indices `[start, end)`: conlleval's rule, by which an inside tag
 * that follows no span of its label begins one (https://www.clips.uantwerpen.be/conll2000/chunking/output.html).
 */
export function spansOfTags(tags: readonly string[]): LabelledStretch[] {
  const spans: { start: number; end: number; label: string }[] = [];
  let open: { start: number; end: number; label: string } | undefined;
  tags.forEach((tag, index) => {
    const read = readTag(tag);
    if (read === null) {
      open = undefined;
      return;
    }
    const { mark, label } = read;
    if (open === undefined || open.label !== label || ['B', 'S', 'U'].includes(mark)) {
      open = { start: index, end: index, label };
      spans.push(open);
    }
    open.end = index + 1;
    if (['E', 'S', 'L', 'U'].includes(mark)) open = undefined;
  });
  return spans;
}

/** IOB2 tags of units: a unit belongs to the span in which it begins. */
export function tagsOfSpans(units: readonly Stretch[], spans: readonly LabelledStretch[]): string[] {
  let previous: LabelledStretch | undefined;
  return units.map(({ start }) => {
    const span = spans.find((candidate) => candidate.start <= start && start < candidate.end);
    const mark = span === previous ? 'I' : 'B';
    previous = span;
    return span === undefined ? outside : `${mark}-${span.label}`;
  });
}

/** Words and punctuation marks. */
export function wordsOf(text: string): Stretch[] {
  const pattern = /[\p{L}\p{N}\p{M}_]+(?:['’.-][\p{L}\p{N}\p{M}_]+)*|[^\s\p{L}\p{N}\p{M}_]/gu;
  return Array.from(text.matchAll(pattern), ({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
  }));
}

/** Words given as a list, as one text with a space between them. */
function joinWords(tokens: readonly string[]): Pick<TaggedText, 'text' | 'words'> {
  let at = 0;
  const words = tokens.map((token) => {
    const start = at;
    at += token.length + 1;
    return { start, end: start + token.length };
  });
  return { text: tokens.join(' '), words };
}

/** The text, words and spans of a row; null where its words and tags are not as many, or its spans are no list. */
export function readTaggedText({ text = '', tokens, tags, spans }: RowContent): TaggedText | null {
  const list = tokens === undefined ? null : readList(tokens);
  const content = list === null ? { text, words: wordsOf(text) } : joinWords(list);
  if (list !== null && tags !== undefined) {
    const found = readList(tags);
    if (found.length !== list.length) return null;
    const marked = spansOfTags(found).map(({ start, end, label }) => ({
      start: content.words[start]?.start ?? 0,
      end: content.words[end - 1]?.end ?? 0,
      label,
    }));
    return { ...content, spans: marked };
  }
  if (spans === undefined) return { ...content, spans: null };
  const read = readSpans(spans);
  return read === null ? null : { ...content, spans: read };
}
