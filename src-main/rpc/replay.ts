import type { ChangeSignal } from '../services/changeSignal.ts';

/**
 * Follows numbered events: what is stored after a number first, then each new one as it is stored. Readers always read
 * from the store, and the signal only wakes them, so none is left out and none comes twice however slow the reader is.
 * @param read stored events after a number, oldest first, a page at a time; none when the reader has them all
 */
export async function* replay<Event extends { sequence: number }>(
  after: number,
  read: (after: number) => readonly Event[],
  changes: ChangeSignal,
  signal?: AbortSignal,
): AsyncGenerator<Event, void> {
  let cursor = after;
  while (!signal?.aborted) {
    const seen = changes.version;
    const events = read(cursor);
    for (const event of events) {
      yield event;
      cursor = event.sequence;
    }
    if (events.length === 0) await changes.after(seen, signal);
  }
}

/** Follows things that are replaced rather than numbered: all of them first, then each after it changed. */
export async function* watch<Item>(
  changedSince: (version: number) => readonly Item[],
  changes: ChangeSignal,
  signal?: AbortSignal,
): AsyncGenerator<Item, void> {
  let seen = -1;
  while (!signal?.aborted) {
    const version = changes.version;
    for (const item of changedSince(seen)) yield item;
    seen = version;
    await changes.after(version, signal);
  }
}
