import type { ErrorTexts } from './errorText.ts';

/** Errors in datasets and their files. */
export const datasetsErrors = {} as const satisfies ErrorTexts;
