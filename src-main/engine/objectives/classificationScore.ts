import type { Confusion, Metrics } from '../../contract/runs.ts';

/** Mean F1 over the classes that occur in the answers or the predictions, each counting the same. */
export function macroF1(counts: readonly (readonly number[])[]): number {
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

export interface ClassificationScore {
  /**
   * @param loss mean over a batch
   * @param weight what the batch's loss counts for
   */
  add(loss: number, weight: number, predictions: ArrayLike<number>, targets: readonly number[]): void;
  finish(): { readonly metrics: Metrics; readonly confusion: Confusion };
}

/** Loss, accuracy, macro F1 and the table of confusions. */
export function startClassificationScore(labels: readonly string[]): ClassificationScore {
  const counts = labels.map(() => labels.map(() => 0));
  let lossSum = 0;
  let weightSum = 0;
  let total = 0;
  return {
    add(loss, weight, predictions, targets) {
      lossSum += loss * weight;
      weightSum += weight;
      total += targets.length;
      targets.forEach((target, index) => {
        const row = counts[target];
        const predicted = predictions[index];
        if (row !== undefined && predicted !== undefined) row[predicted] = (row[predicted] ?? 0) + 1;
      });
    },
    finish() {
      const right = counts.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
      return {
        metrics: {
          loss: weightSum > 0 ? lossSum / weightSum : 0,
          accuracy: right / Math.max(1, total),
          macroF1: macroF1(counts),
        },
        confusion: { labels: [...labels], counts },
      };
    },
  };
}
