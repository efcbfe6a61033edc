import type { Problem } from '../../src-main/contract/errors/index.ts';
import { isAbort, problemsFromFailure } from './failure.ts';
import { pendingWrites } from './pendingWrites.ts';

/** Something loaded from the host: its value, whether it is on its way, and what went wrong. */
export class Resource<Value> {
  value = $state.raw<Value | undefined>(undefined);
  problems = $state.raw<readonly Problem[]>([]);
  loading = $state(false);
  readonly #load: () => Promise<Value>;
  #generation = 0;
  #newest: Promise<void> = Promise.resolve();
  #refreshing = false;
  #refreshAgain = false;

  constructor(load: () => Promise<Value>) {
    this.#load = load;
  }

  /**
   * Loads anew, after what this window has changed is with the host. The old value stays visible until the new one is
   * there, and only the newest answer counts: it is what everybody waits for who has asked before.
   */
  async reload(): Promise<void> {
    this.#newest = this.#loadAs(++this.#generation);
    let awaited: Promise<void>;
    do {
      awaited = this.#newest;
      await awaited;
    } while (awaited !== this.#newest);
  }

  /**
   * Loads anew because something has changed, one load after the other: however fast the changes come, each load is
   * shown, and the last change is in the last of them.
   */
  async refresh(): Promise<void> {
    this.#refreshAgain = true;
    if (this.#refreshing) return;
    this.#refreshing = true;
    while (this.#refreshAgain) {
      this.#refreshAgain = false;
      await this.reload();
    }
    this.#refreshing = false;
  }

  async #loadAs(generation: number): Promise<void> {
    this.loading = true;
    try {
      // Without a wait where there is nothing to wait for: calls reach the host in the order they are made.
      if (pendingWrites.any) await pendingWrites.settled();
      if (generation !== this.#generation) return;
      const value = await this.#load();
      if (generation !== this.#generation) return;
      this.value = value;
      this.problems = [];
    } catch (error) {
      if (generation !== this.#generation) return;
      if (!isAbort(error)) this.problems = problemsFromFailure(error);
    } finally {
      if (generation === this.#generation) this.loading = false;
    }
  }
}

/** Something a person asked for: busy while it runs, with its problems when it fails. */
export class Action {
  busy = $state(false);
  problems = $state.raw<readonly Problem[]>([]);

  /** Runs once at a time; gives the result, or undefined when it failed or was already running. */
  async run<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.problems = [];
    try {
      return await work();
    } catch (error) {
      if (!isAbort(error)) this.problems = problemsFromFailure(error);
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  clear(): void {
    this.problems = [];
  }
}
