/** How much of a model is trained, which decides how many rows it takes. */
export type TrainingExtent = 'head' | 'adapter' | 'full';

/**
 * Rules of thumb, rows a class: heads over frozen features work from about 8 examples a class (SetFit,
 * https://arxiv.org/abs/2209.11055), adapters from a few dozen, full fine-tuning becomes steady in the low hundreds
 * (https://arxiv.org/abs/2006.05987). For generation, rows in all: a thousand careful ones can do (LIMA,
 * https://arxiv.org/abs/2305.11206).
 */
export const fewestRowsPerLabel: Readonly<Record<TrainingExtent, number>> = {
  head: 8,
  adapter: 32,
  full: 100,
};
export const fewestRows: Readonly<Record<TrainingExtent, number>> = { head: 64, adapter: 200, full: 1000 };

/** Labels with fewer training rows than the extent of training asks for. */
export function findScarceLabels(
  trainingLabels: readonly string[],
  extent: TrainingExtent,
): { label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const label of trainingLabels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count < fewestRowsPerLabel[extent])
    .map(([label, count]) => ({ label, count }))
    .sort((one, other) => one.count - other.count || (one.label < other.label ? -1 : 1));
}
