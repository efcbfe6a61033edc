/** A stretch of a text with its label, `[start, end)` in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

const outside = 'O';
const inside = /^([BIESLU])-(.+)$/;

/** Where each token begins in the tokens joined by single spaces. */
function tokenStarts(tokens: readonly string[]): number[] {
  let at = 0;
  return tokens.map((token) => {
    const start = at;
    at += token.length + 1;
    return start;
  });
}

/**
 * The spans that tags mean, over the tokens joined by single spaces. Reads IOB1, IOB2 (BIO), IOBES and BILOU: an inside
 * tag that follows no span of its label begins one.
 */
export function spansOfTags(tokens: readonly string[], tags: readonly string[]): Span[] {
  const starts = tokenStarts(tokens);
  const spans: { start: number; end: number; label: string }[] = [];
  let open: { start: number; end: number; label: string } | undefined;
  tokens.forEach((token, index) => {
    const [, mark, label] = inside.exec(tags[index] ?? outside) ?? [];
    const start = starts[index] ?? 0;
    if (mark === undefined || label === undefined) {
      open = undefined;
      return;
    }
    const begins = mark === 'B' || mark === 'S' || mark === 'U' || open?.label !== label;
    if (begins || open === undefined) {
      open = { start, end: start, label };
      spans.push(open);
    }
    open.end = start + token.length;
    if (mark === 'E' || mark === 'S' || mark === 'L' || mark === 'U') open = undefined;
  });
  return spans;
}

/** BIO tags (IOB2) of tokens that lie at `starts` in a text. A token belongs to the span that holds its first unit. */
export function tagsOfSpans(
  tokens: readonly string[],
  starts: readonly number[],
  spans: readonly Span[],
): string[] {
  return tokens.map((_, index) => {
    const start = starts[index] ?? 0;
    const span = spans.find((candidate) => candidate.start <= start && start < candidate.end);
    if (span === undefined) return outside;
    const before = starts[index - 1];
    return before === undefined || before < span.start ? `B-${span.label}` : `I-${span.label}`;
  });
}

/** Words and punctuation marks of a text with their places. */
export function tokenize(text: string): { tokens: string[]; starts: number[] } {
  const tokens: string[] = [];
  const starts: number[] = [];
  for (const match of text.matchAll(
    /[\p{L}\p{N}\p{M}_]+(?:['’.-][\p{L}\p{N}\p{M}_]+)*|[^\s\p{L}\p{N}\p{M}_]/gu,
  )) {
    tokens.push(match[0]);
    starts.push(match.index);
  }
  return { tokens, starts };
}
