import type { AnswerWindow } from './answerWindows.ts';

/** Firsts and lasts that are tried with each other, as transformers' question answering does it. */
const triedEnds = 20;

/** An answer that a window offers, and the sum of its ends' logits. */
export interface Candidate {
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

function best(logits: ArrayLike<number>): number[] {
  return Array.from(logits, (_, index) => index)
    .sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0))
    .slice(0, triedEnds);
}

/**
 * The answers a window offers, the best first.
 * @param starts one logit per token of the window's example; likewise `ends`
 */
export function findCandidates(
  { contextAt, tokens }: AnswerWindow,
  starts: ArrayLike<number>,
  ends: ArrayLike<number>,
  maximumTokens: number,
): Candidate[] {
  const isInside = (place: number) => place >= contextAt && place < contextAt + tokens.length;
  const lasts = best(ends).filter(isInside);
  return best(starts)
    .filter(isInside)
    .flatMap((first) =>
      lasts
        .filter((last) => last >= first && last - first < maximumTokens)
        .map((last) => ({
          start: tokens[first - contextAt]?.start ?? 0,
          end: tokens[last - contextAt]?.end ?? 0,
          score: (starts[first] ?? 0) + (ends[last] ?? 0),
        })),
    )
    .sort((a, b) => b.score - a.score)
    .slice(0, triedEnds);
}

/** The score of a window's saying that it holds no answer: both ends at the first token. */
export function scoreNothing(starts: ArrayLike<number>, ends: ArrayLike<number>): number {
  return (starts[0] ?? 0) + (ends[0] ?? 0);
}

/** A question's answers from all its windows, the best first, with probabilities among them. */
export class AnswerSearch {
  private readonly candidates: Candidate[] = [];
  private nothing = Infinity;

  add(candidates: readonly Candidate[], nothing: number): void {
    this.candidates.push(...candidates);
    this.nothing = Math.min(this.nothing, nothing);
  }

  /** @param mayBeNone whether "no answer" is among what may come out, as an empty stretch */
  rank(mayBeNone: boolean): { start: number; end: number; probability: number }[] {
    const none = mayBeNone ? [{ start: 0, end: 0, score: this.nothing }] : [];
    const ranked = new Map<string, Candidate>();
    for (const each of [...this.candidates, ...none].sort((a, b) => b.score - a.score)) {
      const key = `${each.start}-${each.end}`;
      if (!ranked.has(key)) ranked.set(key, each);
    }
    const kept = [...ranked.values()].slice(0, triedEnds);
    const top = kept[0]?.score ?? 0;
    const total = kept.reduce((sum, { score }) => sum + Math.exp(score - top), 0);
    return kept.map(({ start, end, score }) => ({ start, end, probability: Math.exp(score - top) / total }));
  }
}
