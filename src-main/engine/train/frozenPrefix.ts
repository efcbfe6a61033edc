import { scope } from '../autodiff/scope.ts';
import { backpropagate, withoutGradient } from '../autodiff/tape.ts';
import type { HostValues } from '../backend/backend.ts';
import { planPasses } from '../data/batching.ts';
import { type BatchPlace, type PrefixRows, type PrefixSource, collate } from '../data/collate.ts';
import type { Example } from '../data/examples.ts';
import { type Model, evaluationPass } from '../models/model.ts';
import { textStarts } from '../models/sight.ts';
import { filled } from '../ops/index.ts';
import { isDiskFull } from './room.ts';
import type { RowStore } from './rowStore.ts';

/**
 * How many blocks lie below everything trainable, so that what they make of an example is the same in every epoch: found
 * by running one example and looking where gradients begin, whatever a method attached.
 */
export function countFrozenBlocks(model: Model, place: BatchPlace, example: Example): number {
  // Virtual tokens shift the others; whoever trains them trains the lowest block's input anyway.
  if (model.hooks.prompt !== null) return 0;
  let frozen = 0;
  backpropagate([], () => {
    const batch = collate({ ...place, prefixes: null }, [example]);
    let hidden = model.encodePrefix(batch, 0, evaluationPass);
    for (let blocks = 1; blocks <= model.blocks && !hidden.requiresGradient; blocks++) {
      const prefix = { hidden, blocks: blocks - 1 };
      hidden = model.encodePrefix({ ...batch, prefix }, blocks, evaluationPass);
      if (!hidden.requiresGradient) frozen = blocks;
    }
    return filled(place.backend, [], 0);
  });
  return frozen;
}

export interface FrozenPrefixSetup {
  readonly model: Model;
  readonly place: BatchPlace;
  /** Tokens computed at once. */
  readonly maximumTokens: number;
  /**
   * Examples in the batches they are computed in. Batches decide the last digits of the results, so they must not depend
   * on where a run was broken off. An example that stands in no batch is computed where it is asked for.
   */
  readonly batches: readonly (readonly Example[])[];
  readonly store: RowStore;
  /** Room in the store; in the order of the batches, examples beyond it are computed each time. */
  readonly budgetBytes: number;
}

/** Whether the same weights are trained as before: a method may release more of them on the way. */
function namesOfTrainable(model: Model): string {
  return [...model.parameters.values()]
    .flatMap(({ trainable, name }) => (trainable ? [name] : []))
    .join('\n');
}

/**
 * What the frozen blocks make of each example, without dropout: computed when it is first needed and then remembered.
 * Where nothing but a classification head is trained, only the token that it looks at is kept. Lives as long as one run
 * of one model on one set of examples, and forgets everything when other weights become trainable.
 */
export class FrozenPrefix implements PrefixSource {
  private readonly setup: FrozenPrefixSetup;
  /** The examples computed together with each one that has room in the store, and its key there. */
  private readonly places = new Map<Example, { readonly key: number; readonly batch: readonly Example[] }>();
  private trained: string | null = null;
  private blocks = 0;
  /** The store's disk has no room left. */
  private full = false;

  constructor(setup: FrozenPrefixSetup) {
    this.setup = setup;
  }

  prefixOf(examples: readonly Example[]): PrefixRows | null {
    this.followModel();
    if (this.blocks === 0) return null;
    const { store, model } = this.setup;
    const unkept = new Map<Example, HostValues>();
    for (const example of examples) {
      const place = this.places.get(example);
      if (place === undefined || store.has(place.key) || unkept.has(example)) continue;
      for (const [other, row] of this.fill(place.batch)) unkept.set(other, row);
    }
    const computed = this.compute(examples.filter((example) => !this.places.has(example)));
    const rows = examples.flatMap((example) => {
      const place = this.places.get(example);
      return (
        (place && store.has(place.key)
          ? store.get(place.key)
          : (computed.get(example) ?? unkept.get(example))) ?? []
      );
    });
    return { blocks: this.blocks, width: model.hiddenSize, rows };
  }

  dispose(): void {
    this.setup.store.dispose();
  }

  /** Begins again where other weights are trained than before. */
  private followModel(): void {
    const { model, place, batches, store } = this.setup;
    const trained = namesOfTrainable(model);
    if (trained === this.trained) return;
    this.trained = trained;
    store.clear();
    this.full = false;
    this.places.clear();
    const [example] = batches.flat();
    this.blocks = example === undefined ? 0 : countFrozenBlocks(model, place, example);
    if (this.blocks > 0) this.share();
  }

  /** Gives out the room in the store. */
  private share(): void {
    const { model, batches, budgetBytes } = this.setup;
    let left = budgetBytes;
    for (const batch of batches) {
      for (const example of batch) {
        const tokens = this.keepsOneToken() ? 1 : example.ids.length;
        left -= tokens * model.hiddenSize * Float32Array.BYTES_PER_ELEMENT;
        if (left < 0) return;
        this.places.set(example, { key: this.places.size, batch });
      }
    }
  }

  private keepsOneToken(): boolean {
    const { model } = this.setup;
    return model.head === 'classes' && this.blocks === model.blocks;
  }

  /** @returns what found no place on a full disk: it is computed again each time, to the same values */
  private fill(batch: readonly Example[]): Map<Example, HostValues> {
    const unkept = this.compute(batch);
    for (const [example, row] of unkept) {
      const place = this.places.get(example);
      if (this.full) break;
      if (place !== undefined && this.keep(place.key, row)) unkept.delete(example);
    }
    return unkept;
  }

  private keep(key: number, row: HostValues): boolean {
    try {
      this.setup.store.put(key, row);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      this.full = true;
    }
    return !this.full;
  }

  /** The states of some examples. */
  private compute(examples: readonly Example[]): Map<Example, HostValues> {
    const computed = new Map<Example, HostValues>();
    const { place, maximumTokens } = this.setup;
    const limits = { maximumTokens, packs: place.packs ?? false };
    for (const indices of planPasses(
      examples.map(({ ids }) => ids.length),
      limits,
    )) {
      const group = indices.flatMap((index) => examples[index] ?? []);
      this.computePass(group).forEach((row, index) => {
        const example = group[index];
        if (example !== undefined) computed.set(example, row);
      });
    }
    return computed;
  }

  private computePass(examples: readonly Example[]): HostValues[] {
    const { model, place } = this.setup;
    let rows: HostValues[] = [];
    withoutGradient(() =>
      scope(() => {
        const batch = collate({ ...place, prefixes: null }, examples);
        const hidden = model.encodePrefix(batch, this.blocks, evaluationPass);
        const [, time = 0, width = 0] = hidden.shape;
        const values = hidden.values();
        const starts = textStarts(batch, time);
        rows = batch.lengths.map((length, row) => {
          const start = starts[row] ?? 0;
          if (!this.keepsOneToken()) return values.slice(start * width, (start + length) * width);
          const token = model.classifiedToken === 'first' ? start : start + length - 1;
          return values.slice(token * width, (token + 1) * width);
        });
      }),
    );
    return rows;
  }
}
