import { type WorkerMessage, type WorkerRequest, workerRequestSchema } from '../contract/worker.ts';

/** The raw channel inside a worker process; Electron's utilityProcess has another one than Node. */
export interface HostPort {
  post(message: WorkerMessage): void;
  /** Resolves when everything posted has left this process. */
  flushed(): Promise<void>;
  onMessage(listener: (message: unknown) => void): void;
  onClosed(listener: () => void): void;
}

/** The channel of a process started by `nodeLauncher`. */
function nodeHostPort(): HostPort {
  let sending = 0;
  let onFlushed: (() => void)[] = [];
  function settleOne(): void {
    sending--;
    if (sending > 0) return;
    for (const resolve of onFlushed) resolve();
    onFlushed = [];
  }
  return {
    post(message) {
      if (!process.connected) return;
      sending++;
      // A send that fails means the host is gone, which `onClosed` reports.
      process.send?.(message, undefined, undefined, settleOne);
    },
    flushed: () => (sending === 0 ? Promise.resolve() : new Promise((resolve) => onFlushed.push(resolve))),
    onMessage: (listener) => {
      process.on('message', listener);
    },
    onClosed: (listener) => {
      process.on('disconnect', listener);
    },
  };
}

export interface HostChannel {
  send(message: WorkerMessage): void;
  /** Ends this process once everything sent has left it; `process.exit` alone would lose the last messages. */
  finish(): Promise<never>;
}

/**
 * Connects a worker process to its host. When the channel closes, because the host ended or died, the process exits:
 * no orphan stays behind. Requests that do not follow the contract are errors of this process and end it.
 */
export function connectToHost(
  onRequest: (request: WorkerRequest) => void,
  port: HostPort = nodeHostPort(),
): HostChannel {
  port.onMessage((raw) => onRequest(workerRequestSchema.parse(raw)));
  port.onClosed(() => process.exit(0));
  return {
    send: (message) => port.post(message),
    async finish() {
      await port.flushed();
      process.exit(0);
    },
  };
}
