import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replay, watch } from '../../../src-main/rpc/replay.ts';
import { ChangeSignal } from '../../../src-main/services/changeSignal.ts';

interface Numbered {
  sequence: number;
}

/** A store of numbered events, read a page at a time. */
function makeStore(pageSize: number) {
  const events: Numbered[] = [];
  const changes = new ChangeSignal();
  return {
    changes,
    append(gap: number) {
      events.push({ sequence: (events.at(-1)?.sequence ?? 0) + gap });
      changes.announce();
    },
    read: (after: number) => events.filter((event) => event.sequence > after).slice(0, pageSize),
    all: () => events.map((event) => event.sequence),
  };
}

describe('replay', () => {
  test('neither gap nor duplicate, however appending and reading interleave, and after reconnects', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        // Numbers append that many events with gaps; 0 lets the reader go on; −1 breaks the connection.
        fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 60 }),
        async (pageSize, script) => {
          const store = makeStore(pageSize);
          const received: number[] = [];
          let abort = new AbortController();
          const follow = async (signal: AbortSignal) => {
            const events = replay(received.at(-1) ?? 0, store.read, store.changes, signal);
            for await (const event of events) received.push(event.sequence);
          };
          let reader = follow(abort.signal);
          for (const step of script) {
            if (step > 0) for (let index = 0; index < step; index++) store.append(1 + (index % 2));
            else if (step === 0) await new Promise((resolve) => setImmediate(resolve));
            else {
              abort.abort();
              await reader;
              abort = new AbortController();
              reader = follow(abort.signal);
            }
          }
          await new Promise((resolve) => setImmediate(resolve));
          abort.abort();
          await reader;
          expect(received).toEqual(store.all());
        },
      ),
      { numRuns: 200 },
    );
  });

  test('an event stored between reading and waiting is not slept over', async () => {
    const changes = new ChangeSignal();
    const stored: Numbered[] = [];
    let reads = 0;
    const read = (after: number) => {
      const found = stored.filter((event) => event.sequence > after);
      reads += 1;
      if (reads === 1) {
        // Stored after this read has looked, before the reader waits.
        stored.push({ sequence: 1 });
        changes.announce();
      }
      return found;
    };
    const events = replay(0, read, changes);
    expect(await events.next()).toEqual({ done: false, value: { sequence: 1 } });
    await events.return();
  });

  test('ends when its reader goes away', async () => {
    const abort = new AbortController();
    const events = replay(0, () => [], new ChangeSignal(), abort.signal);
    const next = events.next();
    abort.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

describe('watch', () => {
  test('gives everything first and then what changed', async () => {
    const changes = new ChangeSignal();
    const abort = new AbortController();
    const items = new Map([['a', { version: 0, value: 1 }]]);
    const put = (name: string, value: number) => {
      items.set(name, { version: changes.version + 1, value });
      changes.announce();
    };
    const changed = (version: number) =>
      [...items].filter(([, item]) => item.version > version).map(([name, item]) => `${name}${item.value}`);
    const seen = watch(changed, changes, abort.signal);
    expect((await seen.next()).value).toBe('a1');
    const next = seen.next();
    put('b', 2);
    expect((await next).value).toBe('b2');
    put('a', 3);
    put('a', 4);
    expect((await seen.next()).value).toBe('a4');
    abort.abort();
    expect((await seen.next()).done).toBe(true);
  });
});
