import { keep, scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import { concat, filled, indicesFrom, writeRows } from '../ops/index.ts';
import type { KeyValueCache, ModelBatch } from './model.ts';
import { type Sight, rangesFrom } from './sight.ts';

/** How the tokens appended in one call see each other and the past. */
export interface AppendedTokens {
  /** Whether nothing was held before. */
  readonly isFirst: boolean;
  /** Position of each new token in its row, counting real tokens only: padding may stand on either side. */
  readonly positions: readonly (readonly number[])[];
  /** For attention over everything held, within `window` tokens where given. */
  sight(window: number | null): Sight;
}

/** Room for this many tokens at first. */
const firstCapacity = 64;

/** Marks a token that is not kept. */
const nowhere = -1;

interface Held {
  readonly k: Tensor;
  readonly v: Tensor;
}

/**
 * Keys and values of past tokens, per layer: `[batch, heads, capacity, headSize]`, each row's tokens from the front
 * without gaps. New ones are written into free room, and the room doubles when it is used up, so that the past is not
 * copied with every token.
 */
export class DecoderCache implements KeyValueCache {
  private readonly backend: Backend;
  private readonly held: (Held | undefined)[];
  /** Tokens of each row. */
  private lengths: number[] = [];
  private capacity = 0;
  /** Where the tokens of the running call go in each row, `nowhere` for padding. */
  private targets: readonly (readonly number[])[] = [];
  /** The same for tensors of so many heads, as numbers of rows of headSize; made once for all layers. */
  private places: { readonly heads: number; readonly tensor: Tensor } | null = null;

  constructor(backend: Backend, layers: number) {
    this.backend = backend;
    this.held = Array.from({ length: layers }, () => undefined);
  }

  get length(): number {
    return Math.max(0, ...this.lengths);
  }

  /** Keys that a query is compared with; those behind the ones held are not seen. */
  get room(): number {
    return this.capacity;
  }

  /**
   * Makes room for a batch of tokens; to be called once, before the layers append their keys and values.
   * @param before positions a prefix takes, whose keys and values the layers put in front of the first tokens'
   */
  begin({ attentionMask }: ModelBatch, before = 0): AppendedTokens {
    const [batch = 0, time = 0] = attentionMask.shape;
    const visible = attentionMask.values();
    const isFirst = this.lengths.length === 0;
    if (isFirst) this.lengths = Array.from({ length: batch }, () => before);
    if (this.lengths.length !== batch) {
      throw new Error(`A cache of ${this.lengths.length} rows was given a batch of ${batch}.`);
    }
    const prefix = Array.from({ length: isFirst ? before : 0 }, (_, place) => place);
    const targets = this.lengths.map((length, row) => {
      let next = length;
      return Array.from({ length: time }, (_, column) =>
        Number(visible[row * time + column]) !== 0 ? next++ : nowhere,
      );
    });
    const positions = targets.map((row, index) => {
      let last = Math.max(0, (this.lengths[index] ?? 0) - 1);
      return row.map((target) => (target === nowhere ? last : (last = target)));
    });
    this.lengths = this.lengths.map((length, row) => Math.max(length, 1 + Math.max(...(targets[row] ?? []))));
    this.targets = targets.map((row) => [...prefix, ...row]);
    this.forgetPlaces();
    this.grow();
    return { isFirst, positions, sight: (window) => this.sightFrom(positions, window) };
  }

  private sightFrom(positions: readonly (readonly number[])[], window: number | null): Sight {
    const pairs = positions
      .flat()
      .flatMap((position) => [window === null ? 0 : Math.max(0, position - window + 1), position + 1]);
    return { causal: false, ranges: rangesFrom(this.backend, pairs, positions.length) };
  }

  /** Makes the room of every layer large enough. */
  private grow(): void {
    if (this.length <= this.capacity) return;
    const before = this.capacity;
    this.capacity = Math.max(firstCapacity, before);
    while (this.capacity < this.length) this.capacity *= 2;
    this.held.forEach((layer, index) => {
      if (layer === undefined) return;
      const widen = (old: Tensor) =>
        scope(() => keep(concat([old, this.makeRoom(old, this.capacity - before)], 2)));
      this.held[index] = { k: widen(layer.k), v: widen(layer.v) };
      layer.k.dispose();
      layer.v.dispose();
    });
  }

  /** Zeros like some keys, for `count` tokens. */
  private makeRoom(like: Tensor, count: number): Tensor {
    const [batch = 0, heads = 0, , headSize = 0] = like.shape;
    return filled(this.backend, [batch, heads, count, headSize], 0, like.dtype);
  }

  private placesFor(heads: number): Tensor {
    if (this.places?.heads === heads) return this.places.tensor;
    this.forgetPlaces();
    const places = this.targets.flatMap((row, index) =>
      Array.from({ length: heads }, (_, head) => (index * heads + head) * this.capacity).flatMap((start) =>
        row.map((target) => (target === nowhere ? nowhere : start + target)),
      ),
    );
    const tensor = keep(indicesFrom(this.backend, places));
    this.places = { heads, tensor };
    return tensor;
  }

  private forgetPlaces(): void {
    this.places?.tensor.dispose();
    this.places = null;
  }

  /**
   * Appends one layer's new keys and values `[batch, heads, time, headSize]`.
   * @returns everything held by that layer `[batch, heads, capacity, headSize]`, to be read before the next call
   */
  append(layer: number, k: Tensor, v: Tensor): Held {
    const write = (room: Tensor | undefined, rows: Tensor) => {
      const table = room ?? this.makeRoom(rows, this.capacity);
      const written = keep(writeRows(table, rows, this.placesFor(rows.shape[1] ?? 1)));
      table.dispose();
      return written;
    };
    const before = this.held[layer];
    const now = { k: write(before?.k, k), v: write(before?.v, v) };
    this.held[layer] = now;
    return now;
  }

  dispose(): void {
    for (const layer of this.held) {
      layer?.k.dispose();
      layer?.v.dispose();
    }
    this.forgetPlaces();
    this.held.fill(undefined);
    this.lengths = [];
    this.capacity = 0;
  }
}
