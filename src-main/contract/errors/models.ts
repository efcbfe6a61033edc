import type { ErrorTexts } from './errorText.ts';

/** Errors in base models and tokenizers. */
export const modelsErrors = {} as const satisfies ErrorTexts;
