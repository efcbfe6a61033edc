import { openBridgeTransport } from './bridgeTransport.ts';
import { openBrowserTransport, startSession } from './browserTransport.ts';
import { type OpenTransport, type Transport, reconnectDelayMs } from './transport.ts';

export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused';

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const attemptsBeforeRefused = 2;

/** The line to the host. It reconnects for as long as the window is open; calls made meanwhile wait for it. */
class Connection {
  state = $state<ConnectionState>('connecting');
  /** Rises with every new line; what was loaded before may be out of date. */
  generation = $state(0);
  /** Attempts to open a line that failed in a row. */
  failedAttempts = $state(0);
  #transport: Transport | undefined;
  #waiters: { resolve: (transport: Transport) => void }[] = [];

  async start(): Promise<void> {
    const bridge = window.tunebench;
    if (!bridge) await startSession().catch(() => undefined);
    const open = bridge ? openBridgeTransport(bridge) : openBrowserTransport;
    void this.#keepOpen(open);
  }

  /** The current line, or the next one when there is none just now. */
  ready(signal?: AbortSignal): Promise<Transport> {
    if (this.#transport) return Promise.resolve(this.#transport);
    return new Promise((resolve, reject) => {
      const waiter = { resolve };
      this.#waiters.push(waiter);
      signal?.addEventListener('abort', () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(new DOMException('The request was cancelled.', 'AbortError'));
      });
    });
  }

  async #keepOpen(open: OpenTransport): Promise<void> {
    for (;;) {
      try {
        const transport = await open();
        this.failedAttempts = 0;
        this.#transport = transport;
        this.generation += 1;
        this.state = 'open';
        for (const waiter of this.#waiters.splice(0)) waiter.resolve(transport);
        await transport.closed;
        this.#transport = undefined;
        this.state = 'lost';
      } catch {
        this.failedAttempts += 1;
        const neverOpened = this.generation === 0;
        if (neverOpened && this.failedAttempts >= attemptsBeforeRefused) this.state = 'refused';
      }
      await wait(reconnectDelayMs(this.failedAttempts));
    }
  }
}

export const connection = new Connection();
