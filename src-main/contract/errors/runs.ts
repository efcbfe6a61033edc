import type { ErrorTexts } from './errorText.ts';

/** Errors in runs: configuration, training, checkpoints, workers. */
export const runsErrors = {} as const satisfies ErrorTexts;
