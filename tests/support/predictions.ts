import type { Prediction } from '../../src-main/contract/worker.ts';

/** The ranked labels of a classifier's prediction; none for predictions of other forms. */
export function labelsOf(
  prediction: Prediction | undefined,
): readonly { label: string; probability: number }[] {
  return prediction?.form === 'labels' ? prediction.labels : [];
}
