import type { Confusion } from '../../../src-main/contract/runs.ts';

export interface Mistake {
  actual: string;
  predicted: string;
  count: number;
}

/** The wrong answers that were given most often. */
export function mostFrequentMistakes(confusion: Confusion, limit: number): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const [row, counts] of confusion.counts.entries()) {
    for (const [column, count] of counts.entries()) {
      const actual = confusion.labels[row];
      const predicted = confusion.labels[column];
      if (row === column || count === 0 || actual === undefined || predicted === undefined) continue;
      mistakes.push({ actual, predicted, count });
    }
  }
  return mistakes.sort((first, second) => second.count - first.count).slice(0, limit);
}

/** Per label, the share of its rows that were recognised; null for a label without rows. */
export function recallByLabel(confusion: Confusion): (number | null)[] {
  return confusion.counts.map((counts, row) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return total === 0 ? null : (counts[row] ?? 0) / total;
  });
}
