export const scheduleNames = ['linear', 'cosine', 'constant'] as const;
export type ScheduleName = (typeof scheduleNames)[number];

/** Steps of warm-up for a share of all steps, rounded up as transformers does. */
export function countWarmupSteps(totalSteps: number, warmupRatio: number): number {
  return Math.ceil(totalSteps * warmupRatio);
}

/**
 * The factor on the learning rate for the update number `step` (from 0), as transformers' schedules give it: a linear
 * rise from 0 over the warm-up, then a straight or half-cosine fall to 0, or no change.
 */
export function learningRateFactor(
  schedule: ScheduleName,
  step: number,
  warmupSteps: number,
  totalSteps: number,
): number {
  if (step < warmupSteps) return step / Math.max(1, warmupSteps);
  const span = Math.max(1, totalSteps - warmupSteps);
  switch (schedule) {
    case 'constant':
      return 1;
    case 'linear':
      return Math.max(0, (totalSteps - step) / span);
    case 'cosine':
      return Math.max(0, 0.5 * (1 + Math.cos((Math.PI * (step - warmupSteps)) / span)));
    default:
      return schedule satisfies never;
  }
}
