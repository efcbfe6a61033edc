import type { Confusion, Metrics } from '../../contract/runs.ts';
import { type LabelledStretch, outside, spansOfTags } from '../../contract/taggedWords.ts';

function placeOf({ start, end }: LabelledStretch): string {
  return `${start}-${end}`;
}

/**
 * Precision, recall and F1 of spans by conlleval's rule: a span counts as right where both its ends and its label are.
 * The table of confusions is by label of spans with the same ends; what has no counterpart stands under `O`.
 */
export function startSpanScore(labels: readonly string[]) {
  const rows = [...labels, outside];
  const counts = rows.map(() => rows.map(() => 0));
  const count = (actual: string, found: string) => {
    const row = counts[rows.indexOf(actual)];
    const column = rows.indexOf(found);
    if (row !== undefined && column >= 0) row[column] = (row[column] ?? 0) + 1;
  };
  let [lossSum, units, rightUnits] = [0, 0, 0];
  let [right, found, actual] = [0, 0, 0];
  return {
    /**
     * @param loss mean over the batch's units
     * @param predicted a tag for each unit of each text
     */
    add(
      loss: number,
      predicted: readonly (readonly string[])[],
      wanted: readonly (readonly string[])[],
    ): void {
      const total = wanted.reduce((sum, tags) => sum + tags.length, 0);
      lossSum += loss * total;
      units += total;
      wanted.forEach((tags, text) => {
        const own = predicted[text] ?? [];
        rightUnits += tags.filter((tag, unit) => own[unit] === tag).length;
        const guessed = new Map(spansOfTags(own).map((span) => [placeOf(span), span.label]));
        const gold = new Map(spansOfTags(tags).map((span) => [placeOf(span), span.label]));
        found += guessed.size;
        actual += gold.size;
        for (const [place, label] of gold) {
          if (guessed.get(place) === label) right++;
          count(label, guessed.get(place) ?? outside);
        }
        for (const [place, label] of guessed) if (!gold.has(place)) count(outside, label);
      });
    },
    finish(): { readonly metrics: Metrics; readonly confusion: Confusion } {
      return {
        metrics: {
          loss: lossSum / Math.max(1, units),
          f1: found + actual === 0 ? 0 : (2 * right) / (found + actual),
          precision: found === 0 ? 0 : right / found,
          recall: actual === 0 ? 0 : right / actual,
          tokenAccuracy: rightUnits / Math.max(1, units),
        },
        confusion: { labels: rows, counts },
      };
    },
  };
}
