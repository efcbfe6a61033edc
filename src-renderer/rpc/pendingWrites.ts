/**
 * Changes that a page shows before the host has them. What this window reads waits for them, so that no list is older
 * than what a person has already seen happen.
 */
class PendingWrites {
  readonly #open = new Set<Promise<unknown>>();

  get any(): boolean {
    return this.#open.size > 0;
  }

  /** A change is pending until its promise settles, however it does. */
  add(write: Promise<unknown>): void {
    this.#open.add(write);
    const done = (): boolean => this.#open.delete(write);
    write.then(done, done);
  }

  /** Resolves when everything that is on its way now has been answered. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#open);
  }
}

export const pendingWrites = new PendingWrites();
