/** The host of the window: the same procedures as the server's, spoken over the channel to Electron's main process. */
import type { MessageLine } from '../../rpc/dispatcher.ts';
import { openHost } from '../openHost.ts';
import { describeProblems, problemsOf } from '../problems.ts';
import { type FromHost, pack, readToHost, unpack } from './envelope.ts';

const send = (message: FromHost) => {
  // A failed send means that main is gone, which ends this process through `disconnect`.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};

type Listener = (message: string | Uint8Array) => void;

async function main(): Promise<void> {
  const host = await openHost({ host: 'electron', adoptQueuedRuns: true });
  const lines = new Map<number, { listener: Listener; onClose: () => void }>();

  function openLine(connection: number): Listener {
    const entry = { listener: (() => undefined) as Listener, onClose: () => {} };
    const line: MessageLine = {
      send: (message) => send({ kind: 'message', connection, data: pack(message) }),
      onMessage: (listener) => (entry.listener = listener),
      onClose: (listener) => (entry.onClose = listener),
    };
    host.dispatcher.serveLine(line);
    lines.set(connection, entry);
    return entry.listener;
  }

  let ending = false;
  async function end(): Promise<void> {
    if (ending) return;
    ending = true;
    await host.close();
    process.exit(0);
  }

  process.on('message', (raw) => {
    const message = readToHost(raw);
    if (message === undefined) return;
    switch (message.kind) {
      case 'message': {
        const listener = lines.get(message.connection)?.listener ?? openLine(message.connection);
        listener(unpack(message.data));
        return;
      }
      case 'closed':
        lines.get(message.connection)?.onClose();
        lines.delete(message.connection);
        return;
      case 'end':
        void end();
        return;
      default:
        message satisfies never;
    }
  });
  process.on('disconnect', () => void end());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());

  send({ kind: 'ready' });
  void reportBusy(host.services.runs);
}

/** Tells main whenever a training starts or the last one ends. */
async function reportBusy(runs: Awaited<ReturnType<typeof openHost>>['services']['runs']): Promise<void> {
  let told: boolean | undefined;
  for (;;) {
    const seen = runs.changes.version;
    const busy = runs.list().some((run) => ['queued', 'preparing', 'running', 'paused'].includes(run.status));
    if (busy !== told) send({ kind: 'busy', busy });
    told = busy;
    await runs.changes.after(seen);
  }
}

try {
  await main();
} catch (error) {
  send({ kind: 'failed', text: describeProblems(problemsOf(error)) });
  process.exitCode = 1;
  process.disconnect();
}
