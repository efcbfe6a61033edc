import type { ErrorTexts } from './errorText.ts';

/** Errors in choosing or attaching a fine-tuning method, objective or generation. */
export const methodsErrors = {} as const satisfies ErrorTexts;
