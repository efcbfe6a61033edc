import type { RunLength } from '../method.ts';

/** When AdaLoRA prunes, in updates of a run. */
export interface Phases {
  readonly totalSteps: number;
  /** Updates before the first pruning. */
  readonly initialSteps: number;
  /** Updates after the last choice. */
  readonly finalSteps: number;
  readonly everySteps: number;
}

export function planPhases(
  { totalSteps }: Pick<RunLength, 'totalSteps'>,
  shares: { readonly initialShare: number; readonly finalShare: number; readonly everySteps: number },
): Phases {
  return {
    totalSteps,
    initialSteps: Math.floor(totalSteps * shares.initialShare),
    finalSteps: Math.floor(totalSteps * shares.finalShare),
    everySteps: shares.everySteps,
  };
}

/** The update at which the choice becomes final. */
export function lastChoice({ totalSteps, finalSteps }: Phases): number {
  return totalSteps - finalSteps;
}

/**
 * How many ranks all layers together may have after an update: constant, then falling with the cube of the time left
 * (https://arxiv.org/abs/2303.10512, §3.3), then constant.
 * @param step from 1
 */
export function budgetAt(
  step: number,
  phases: Phases,
  ranks: { readonly initial: number; readonly target: number },
): number {
  const { initialSteps } = phases;
  const end = lastChoice(phases);
  if (step <= initialSteps) return ranks.initial;
  if (step > end) return ranks.target;
  const left = 1 - (step - initialSteps) / (end - initialSteps);
  return Math.floor((ranks.initial - ranks.target) * left ** 3 + ranks.target);
}

/** Whether the least important ranks are set to zero after an update. */
export function isPruned(step: number, phases: Phases): boolean {
  const end = lastChoice(phases);
  return step === end || (step > phases.initialSteps && step < end && step % phases.everySteps === 0);
}
