import type { ServiceContext } from '../context.ts';

const recordsPerPurge = 500;

/** Clears removed and unfinished labellings away between other work. */
export class Purging {
  readonly #context: ServiceContext;
  #opening = 0;
  #running = false;
  #closed = false;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  start(): void {
    this.#run().catch((error: unknown) =>
      this.#context.log.write('error', 'purge failed', { error: String(error) }),
    );
  }

  /** Waits while a labelling is being opened: until it is whole it looks unfinished too. */
  async whileOpening<Result>(open: () => Promise<Result>): Promise<Result> {
    this.#opening++;
    try {
      return await open();
    } finally {
      this.#opening--;
      this.start();
    }
  }

  close(): void {
    this.#closed = true;
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    const { labels } = this.#context.store;
    try {
      while (!this.#closed && this.#opening === 0 && labels.purgeSome(recordsPerPurge)) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      this.#running = false;
    }
  }
}
