import { TunebenchError } from '../../contract/errors/index.ts';
import { dataFolderPath } from '../../platform/index.ts';
import type { HostClient } from '../../rpc/dispatcher.ts';
import { connectLocalLine } from '../localLine.ts';
import { openHost } from '../openHost.ts';
import type { Output } from './output.ts';

/** The contract as a verb uses it, with what it prints to. */
export interface Session {
  readonly client: HostClient;
  readonly output: Output;
}

/** Whether a verb is content with a host that ends with its own work, such as a training in another terminal. */
type Hosting = 'lasting' | 'any';

function isInUse(error: unknown): boolean {
  return error instanceof TunebenchError && error.code === 'platform.dataFolderInUse';
}

/**
 * Opens the data folder for one verb and closes it again, whatever happens. Runs that another host has queued are left
 * alone. Where a host has the folder open, such as the window's, the verb asks that one.
 * @throws TunebenchError `platform.dataFolderInUse` where nobody answers, or only a host that is about to end
 */
export async function withSession<Result>(
  output: Output,
  work: (session: Session) => Promise<Result>,
  hosting: Hosting = 'lasting',
): Promise<Result> {
  try {
    const host = await openHost({ host: 'cli', adoptQueuedRuns: false });
    try {
      return await work({ client: host.dispatcher.client(), output });
    } finally {
      await host.close();
    }
  } catch (error) {
    if (!isInUse(error)) throw error;
    const line = await connectLocalLine(dataFolderPath());
    if (line === undefined) throw error;
    try {
      if (hosting === 'lasting' && (await line.client.system.info()).host === 'cli') throw error;
      return await work({ client: line.client, output });
    } finally {
      line.close();
    }
  }
}
