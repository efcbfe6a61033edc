import type { ErrorTexts } from './errorText.ts';

/** Errors of the server, the window and the command line. */
export const hostsErrors = {} as const satisfies ErrorTexts;
