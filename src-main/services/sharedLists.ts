import { type SharedList, sharedListSchema } from '../contract/system.ts';
import { ChangeSignal } from './changeSignal.ts';

/** When each of the lists that windows hold copies of has last changed. */
export class SharedLists {
  readonly changes = new ChangeSignal();
  readonly #versions = new Map<SharedList, number>(sharedListSchema.options.map((list) => [list, 0]));

  announce(lists: Iterable<SharedList>): void {
    for (const list of lists) this.#versions.set(list, this.changes.version + 1);
    this.changes.announce();
  }

  /** Lists that changed after a version of `changes`. */
  changedSince(version: number): SharedList[] {
    return [...this.#versions].flatMap(([list, changed]) => (changed > version ? [list] : []));
  }
}
