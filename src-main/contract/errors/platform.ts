import type { ErrorTexts } from './errorText.ts';

/** Errors of the machine: disk, permissions, network, other processes. */
export const platformErrors = {} as const satisfies ErrorTexts;
