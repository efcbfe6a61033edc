import type { ErrorTexts } from './errorText.ts';

/** Errors in files: safetensors, adapters, model folders. */
export const formatsErrors = {} as const satisfies ErrorTexts;
