import type { Span } from '../../../src-main/contract/labels.ts';
import type { Stretch } from '../../../src-main/contract/taggedWords.ts';

/** The spans with one more, ordered; one that overlaps gives way, and the very same one is taken away. */
export function toggleSpan(spans: readonly Span[], span: Span): Span[] {
  const same = spans.some(
    (other) => other.start === span.start && other.end === span.end && other.label === span.label,
  );
  const others = spans.filter((other) => other.end <= span.start || other.start >= span.end);
  return (same ? others : [...others, span]).sort((left, right) => left.start - right.start);
}

export interface TextPiece {
  readonly start: number;
  readonly text: string;
  readonly span: Span | undefined;
}

/** The text cut at the borders of its spans; spans that overlap or lie outside are left out. */
export function piecesOf(text: string, spans: readonly Span[]): TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const span of [...spans].sort((left, right) => left.start - right.start)) {
    if (span.start < at || span.end > text.length) continue;
    if (span.start > at) pieces.push({ start: at, text: text.slice(at, span.start), span: undefined });
    pieces.push({ start: span.start, text: text.slice(span.start, span.end), span });
    at = span.end;
  }
  if (at < text.length) pieces.push({ start: at, text: text.slice(at), span: undefined });
  return pieces;
}

/** The words of a text, for moving with the arrow keys. */
export function wordsOf(text: string): Stretch[] {
  return [...text.matchAll(/\S+/gu)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** The word after or before a stretch; extending keeps the other end where it is. */
export function moveByWord(
  words: readonly Stretch[],
  from: Stretch | undefined,
  direction: 1 | -1,
  extend: boolean,
): Stretch | undefined {
  if (from === undefined) return direction === 1 ? words[0] : words.at(-1);
  if (extend) {
    const next = words.find(({ end }) => end > from.end);
    const last = [...words].reverse().find(({ end }) => end < from.end && end > from.start);
    if (direction === 1) return next === undefined ? from : { start: from.start, end: next.end };
    return last === undefined ? from : { start: from.start, end: last.end };
  }
  const next = words.find(({ start }) => start >= from.end);
  const previous = [...words].reverse().find(({ end }) => end <= from.start);
  return (direction === 1 ? next : previous) ?? from;
}

/** One character more or less at the end, for particles that are written onto a word. */
export function moveEnd(from: Stretch, by: 1 | -1, length: number): Stretch {
  return { start: from.start, end: Math.max(from.start + 1, Math.min(length, from.end + by)) };
}
