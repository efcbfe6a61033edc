import { ORPCError } from '@orpc/client';
import { connection } from './connection.svelte.ts';
import { isAbort } from './failure.ts';

const pauseAfterErrorMs = 1_000;

/**
 * Reads a live feed until the signal aborts or the host ends it, opening it again after a lost connection.
 * `open` is asked anew each time, so that it can continue after the last event it saw.
 * Throws what the host refuses, for instance a run that does not exist.
 */
export async function follow<Event>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>,
  onEvent: (event: Event) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const event of await open(signal)) {
        if (signal.aborted) return;
        onEvent(event);
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ORPCError && !isAbort(error) && connection.state === 'open') throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseAfterErrorMs));
    }
  }
}
