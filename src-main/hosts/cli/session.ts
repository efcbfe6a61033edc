import type { HostClient } from '../../rpc/dispatcher.ts';
import { openHost } from '../openHost.ts';
import type { Output } from './output.ts';

/** The contract as a verb uses it, with what it prints to. */
export interface Session {
  readonly client: HostClient;
  readonly output: Output;
}

/**
 * Opens the data folder for one verb and closes it again, whatever happens. Runs that another host has queued are left
 * alone.
 */
export async function withSession<Result>(
  output: Output,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const host = await openHost({ host: 'cli', adoptQueuedRuns: false });
  try {
    return await work({ client: host.dispatcher.client(), output });
  } finally {
    await host.close();
  }
}
