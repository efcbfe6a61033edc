import { Worker, parentPort } from 'node:worker_threads';

/** A program in a thread of its own, for work that would keep its process from answering. Both ends are this program's. */
export interface Thread<Request> {
  post(request: Request): void;
  /** Ends it at once, whatever it is doing. */
  stop(): Promise<void>;
  /** Rejects when the thread dies of an error nobody caught; never resolves. */
  readonly died: Promise<never>;
}

export function startThread<Request, Reply>(entry: URL, onReply: (reply: Reply) => void): Thread<Request> {
  const worker = new Worker(entry, { execArgv: [] });
  worker.on('message', onReply);
  const died = new Promise<never>((_, reject) => {
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`A thread ended with ${code}.`)));
  });
  // Whoever stops a thread on purpose does not wait for its death.
  died.catch(() => undefined);
  return {
    post: (request) => worker.postMessage(request),
    stop: async () => {
      await worker.terminate();
    },
    died,
  };
}

/** The other end, inside the thread: requests are answered one after another. */
export function serveThread<Request, Reply>(
  answer: (request: Request, reply: (reply: Reply) => void) => Promise<void> | void,
): void {
  const port = parentPort;
  if (port === null) throw new Error('This program runs in a thread only.');
  let last = Promise.resolve();
  port.on('message', (request: Request) => {
    last = last.then(() => answer(request, (reply) => port.postMessage(reply)));
  });
}
