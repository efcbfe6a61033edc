// Labelled stretches of a text, and the same as a tag per word. Tags may be IOB1, IOB2 (BIO), IOBES or BILOU.

/** A stretch of a text, `[start, end)` in UTF-16 units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface LabelledStretch extends Stretch {
  readonly label: string;
}

/** A text and where its words lie in it. */
export interface TextWords {
  readonly text: string;
  readonly words: readonly Stretch[];
}

/** The tag of a word that belongs to no span. */
export const outside = 'O';

/** What a tag says: its mark and label, where it has a mark. */
function readMark(tag: string): { readonly mark: string; readonly label: string } | null {
  const [, mark, label] = /^([BIESLU])-(.+)$/u.exec(tag) ?? [];
  return mark === undefined || label === undefined ? null : { mark, label };
}

/** Whether a tag says where in a span its word stands, as those of names do and those of parts of speech do not. */
export function isMarked(tag: string): boolean {
  return readMark(tag) !== null;
}

/**
 * The spans that tags of consecutive units mean, as indices `[start, end)`: conlleval's rule, by which an inside tag
 * that follows no span of its label begins one (https://www.clips.uantwerpen.be/conll2000/chunking/output.html). A label
 * without a mark counts as one that goes on.
 */
export function spansOfTags(tags: readonly string[]): LabelledStretch[] {
  const spans: { start: number; end: number; label: string }[] = [];
  let open: { start: number; end: number; label: string } | undefined;
  tags.forEach((tag, index) => {
    if (tag === '' || tag === outside) {
      open = undefined;
      return;
    }
    const { mark, label } = readMark(tag) ?? { mark: 'I', label: tag };
    if (open === undefined || open.label !== label || ['B', 'S', 'U'].includes(mark)) {
      open = { start: index, end: index, label };
      spans.push(open);
    }
    open.end = index + 1;
    if (['E', 'S', 'L', 'U'].includes(mark)) open = undefined;
  });
  return spans;
}

/** The spans that the tags of words mean in their text. */
export function spansOfWords(words: readonly Stretch[], tags: readonly string[]): LabelledStretch[] {
  return spansOfTags(tags).map(({ start, end, label }) => ({
    start: words[start]?.start ?? 0,
    end: words[end - 1]?.end ?? 0,
    label,
  }));
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
export function joinWords(tokens: readonly string[]): TextWords {
  let at = 0;
  const words = tokens.map((token) => {
    const start = at;
    at += token.length + 1;
    return { start, end: start + token.length };
  });
  return { text: tokens.join(' '), words };
}
