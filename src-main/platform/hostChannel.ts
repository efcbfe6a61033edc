import { type WorkerMessage, type WorkerRequest, workerRequestSchema } from '../contract/worker.ts';

/** The raw channel inside a worker process; Electron's utilityProcess has another one than Node. */
export interface HostPort {
  post(message: WorkerMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  onClosed(listener: () => void): void;
}

/** The channel of a process started by `nodeLauncher`. */
export function nodeHostPort(): HostPort {
  return {
    post(message) {
      process.send?.(message);
    },
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
  return { send: (message) => port.post(message) };
}
