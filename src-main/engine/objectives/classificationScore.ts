import type { Score } from './objective.ts';

/** Mean F1 over the classes that occur in the answers or the predictions, each counting the same. */
function macroF1(counts: readonly (readonly number[])[]): number {
  let sum = 0;
  let classes = 0;
  counts.forEach((row, index) => {
    const right = row[index] ?? 0;
    const actual = row.reduce((total, count) => total + count, 0);
    const predicted = counts.reduce((total, other) => total + (other[index] ?? 0), 0);
    if (actual + predicted === 0) return;
    classes++;
    sum += (2 * right) / (actual + predicted);
  });
  return classes === 0 ? 0 : sum / classes;
}

/** Loss, accuracy, macro F1 and the table of confusions. */
export function startClassificationScore(labels: readonly string[]): Score {
  const counts = labels.map(() => labels.map(() => 0));
  let lossSum = 0;
  let total = 0;
  return {
    add(loss, predictions, targets) {
      lossSum += loss * targets.length;
      total += targets.length;
      targets.forEach((target, index) => {
        const row = counts[target];
        const predicted = predictions[index];
        if (row !== undefined && predicted !== undefined) row[predicted] = (row[predicted] ?? 0) + 1;
      });
    },
    finish() {
      const right = counts.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
      const rows = Math.max(1, total);
      return {
        metrics: { loss: lossSum / rows, accuracy: right / rows, macroF1: macroF1(counts) },
        confusion: { labels: [...labels], counts },
      };
    },
  };
}
