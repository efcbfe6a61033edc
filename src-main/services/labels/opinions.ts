import type { ModelOpinion, Store } from '../../store/store.ts';

/** Written at once: a label given meanwhile waits for one of these pieces at most. */
const recordsAtOnce = 200;

const pause = () => new Promise((resolve) => setImmediate(resolve));

/** Writes what a model says in pieces, leaving room for other work between them. */
export async function saveOpinions(
  store: Store,
  id: string,
  opinions: readonly ModelOpinion[],
  goesOn: () => boolean,
): Promise<void> {
  for (let from = 0; from < opinions.length && goesOn(); from += recordsAtOnce) {
    store.labels.saveOpinions(id, opinions.slice(from, from + recordsAtOnce));
    await pause();
  }
}

/** Takes everything away that a model has said. */
export async function clearOpinions(store: Store, id: string): Promise<void> {
  const none = { suggestion: null, score: null, margin: null, entropy: null, place: null, belief: null };
  for (;;) {
    const numbers = store.labels.withOpinion(id, recordsAtOnce);
    if (numbers.length === 0) return;
    store.labels.saveOpinions(
      id,
      numbers.map((number) => ({ number, ...none })),
    );
    await pause();
  }
}
