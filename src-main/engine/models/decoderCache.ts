import { keep } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import { type AttentionOptions, MASKED, concat, fromValues } from '../ops/index.ts';
import type { KeyValueCache, ModelBatch } from './model.ts';

/** How the tokens appended in one call see each other and the past. */
export interface AppendedTokens {
  /** Whether nothing was held before. */
  readonly isFirst: boolean;
  /** Position of each new token in its row, counting real tokens only: padding may stand on either side. */
  readonly positions: readonly (readonly number[])[];
  /** For attention over everything held, within `window` tokens where given. */
  attention(window: number | null): Pick<AttentionOptions, 'mask' | 'causal'>;
}

/** Keys and values of past tokens, per layer, and which of them are real. */
export class DecoderCache implements KeyValueCache {
  private readonly backend: Backend;
  private readonly held: ({ k: Tensor; v: Tensor } | undefined)[];
  /** Per row: each slot's position, or −1 for padding. */
  private slots: number[][] = [];

  constructor(backend: Backend, layers: number) {
    this.backend = backend;
    this.held = Array.from({ length: layers }, () => undefined);
  }

  get length(): number {
    return this.slots[0]?.length ?? 0;
  }

  /**
   * Makes room for a batch of tokens; to be called once, before the layers append their keys and values.
   * @param before positions a prefix takes, whose keys and values the layers put in front of the first tokens'
   */
  begin({ attentionMask }: ModelBatch, before = 0): AppendedTokens {
    const [batch = 0, time = 0] = attentionMask.shape;
    const visible = attentionMask.values();
    const isFirst = this.slots.length === 0;
    if (isFirst) {
      this.slots = Array.from({ length: batch }, () => Array.from({ length: before }, (_, place) => place));
    }
    if (this.slots.length !== batch) {
      throw new Error(`A cache of ${this.slots.length} rows was given a batch of ${batch}.`);
    }
    const positions = this.slots.map((slots, row) => {
      let next = 1 + slots.reduce((last, position) => Math.max(last, position), -1);
      return Array.from({ length: time }, (_, column) => {
        const isReal = Number(visible[row * time + column]) !== 0;
        slots.push(isReal ? next : -1);
        return isReal ? next++ : Math.max(next - 1, 0);
      });
    });
    return { isFirst, positions, attention: (window) => this.attentionOfLast(time, window) };
  }

  private attentionOfLast(time: number, window: number | null): Pick<AttentionOptions, 'mask' | 'causal'> {
    const isWhole = this.slots.every((slots) => !slots.includes(-1));
    if (isWhole && (window === null || this.length <= window)) return { mask: null, causal: time > 1 };
    const { length } = this;
    const values = new Float32Array(this.slots.length * time * length).fill(MASKED);
    let index = 0;
    for (const slots of this.slots) {
      for (let query = length - time; query < length; query++) {
        for (let key = 0; key < length; key++, index++) {
          const from = slots[query] ?? -1;
          const to = slots[key] ?? -1;
          if (key <= query && to >= 0 && (window === null || from - to < window)) values[index] = 0;
        }
      }
    }
    const shape = [this.slots.length, 1, time, length];
    return { mask: fromValues(this.backend, values, shape, 'float32'), causal: false };
  }

  /** Appends one layer's new keys and values `[batch, heads, time, headSize]` → everything held by that layer. */
  append(layer: number, k: Tensor, v: Tensor): { readonly k: Tensor; readonly v: Tensor } {
    const before = this.held[layer];
    const now = before
      ? { k: keep(concat([before.k, k], 2)), v: keep(concat([before.v, v], 2)) }
      : { k: keep(k.alias()), v: keep(v.alias()) };
    before?.k.dispose();
    before?.v.dispose();
    this.held[layer] = now;
    return now;
  }

  dispose(): void {
    for (const layer of this.held) {
      layer?.k.dispose();
      layer?.v.dispose();
    }
    this.held.fill(undefined);
    this.slots = [];
  }
}
