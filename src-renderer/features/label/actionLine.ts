import { pendingWrites } from '../../rpc/pendingWrites.ts';

/** Calls that must reach the host in the order they were made, one after the other, whatever each of them does. */
export class ActionLine {
  #last: Promise<unknown> = Promise.resolve();

  add<Value>(call: () => Promise<Value>): Promise<Value> {
    const result = this.#last.then(call, call);
    this.#last = result.catch(() => undefined);
    pendingWrites.add(result);
    return result;
  }

  async settled(): Promise<void> {
    await this.#last;
  }
}
