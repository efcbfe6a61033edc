import type { ClientLink } from '@orpc/client';

/** An open line to the host: where calls go, and a promise that settles when the line is gone. */
export interface Transport {
  link: ClientLink<Record<never, never>>;
  closed: Promise<void>;
}

export type OpenTransport = () => Promise<Transport>;

const firstDelayMs = 250;
const longestDelayMs = 5_000;

/** Waits longer after each failed attempt, up to five seconds. */
export function reconnectDelayMs(failedAttempts: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, failedAttempts - 1));
}
