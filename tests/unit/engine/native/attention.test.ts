import { expect, it } from 'vitest';
import type { Tensor } from '../../../../src-main/engine/autodiff/tensor.ts';
import type { Handle, Shape } from '../../../../src-main/engine/backend/backend.ts';
import type { FusedAttentionOptions } from '../../../../src-main/engine/backend/fused.ts';
import * as ops from '../../../../src-main/engine/ops/index.ts';
import {
  Draw,
  type Operand,
  bfloat16Tolerance,
  describeKernels,
  expectClose,
  reference,
  rounded,
} from './kernels.ts';

interface Sizes {
  readonly batch: number;
  readonly heads: number;
  readonly groups: number;
  readonly queries: number;
  readonly keys: number;
  readonly size: number;
}

interface Case extends Sizes {
  readonly causal?: boolean;
  readonly mask?: Shape;
  readonly dropout?: number;
}

const cases: readonly Case[] = [
  { batch: 1, heads: 1, groups: 1, queries: 1, keys: 1, size: 1 },
  { batch: 2, heads: 2, groups: 2, queries: 5, keys: 7, size: 3 },
  { batch: 2, heads: 4, groups: 2, queries: 6, keys: 6, size: 16, causal: true },
  { batch: 1, heads: 4, groups: 1, queries: 17, keys: 33, size: 20, causal: true, mask: [1, 4, 17, 33] },
  { batch: 3, heads: 2, groups: 2, queries: 12, keys: 12, size: 32, mask: [3, 1, 1, 12] },
  { batch: 2, heads: 1, groups: 1, queries: 7, keys: 40, size: 64, mask: [2, 1, 7, 1] },
  { batch: 2, heads: 3, groups: 3, queries: 2, keys: 50, size: 24, causal: true },
  { batch: 2, heads: 4, groups: 2, queries: 3, keys: 9, size: 128, mask: [2, 1, 1, 9], dropout: 0.3 },
  { batch: 2, heads: 2, groups: 1, queries: 9, keys: 21, size: 8, causal: true, dropout: 0.25 },
  { batch: 1, heads: 1, groups: 1, queries: 100, keys: 100, size: 16, causal: true, mask: [1, 1, 1, 100] },
  { batch: 1, heads: 1, groups: 1, queries: 60, keys: 700, size: 8, dropout: 0.1 },
];

const [seed, stream] = [12345, 678];

/** `[batch, heads, time, size]` → `[batch, time, heads, size]`. */
function timeFirst(
  values: ArrayLike<number>,
  [batch = 1, heads = 1, time = 1, size = 1]: Shape,
): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < batch; row++)
    for (let head = 0; head < heads; head++)
      for (let step = 0; step < time; step++)
        for (let lane = 0; lane < size; lane++)
          result[((row * time + step) * heads + head) * size + lane] =
            values[((row * heads + head) * time + step) * size + lane] ?? NaN;
  return result;
}

/** The composed form: every step of the definition as an operation of its own. */
function compose(one: Case, mask: Operand | null, inputs: readonly Tensor[]): Tensor {
  const [q, k, v] = inputs;
  if (!q || !k || !v) return expect.fail();
  const { backend } = q;
  const { batch, heads, groups, queries, keys, size } = one;
  const spread = (x: Tensor): Tensor => {
    const five = ops.reshape(x, [batch, groups, 1, keys, size]);
    return ops.reshape(ops.broadcastTo(five, [batch, groups, heads / groups, keys, size]), [
      batch,
      heads,
      keys,
      size,
    ]);
  };
  let added = mask && ops.fromValues(backend, mask.values, mask.shape, 'float32');
  if (one.causal) {
    const triangle = ops.causalMask(backend, queries, keys);
    added = added ? ops.add(added, triangle) : triangle;
  }
  const scores = ops.matmul(q, spread(k), { transposeB: true });
  const weights = ops.maskedSoftmax(scores, added, 1 / Math.sqrt(size));
  const random = { seed, next: () => stream };
  return ops.matmul(ops.dropout(weights, one.dropout ?? 0, random), spread(v));
}

function makeInputs(one: Case, round: boolean) {
  const { batch, heads, groups, queries, keys, size } = one;
  const draw = new Draw(queries * 1000 + keys);
  const make = (shape: Shape): Operand => {
    const values = draw.floats(shape, 1.5);
    return { values: round ? rounded(values) : values, shape };
  };
  const q = make([batch, heads, queries, size]);
  const k = make([batch, groups, keys, size]);
  const v = make([batch, groups, keys, size]);
  const direction = make([batch, heads, queries, size]);
  const shape = one.mask;
  // Keys at the end are hidden, and some in between.
  const mask = shape && {
    shape,
    values: draw.floats(shape).map((value, index) => {
      const length = shape.at(-1) ?? 1;
      const key = index % length;
      return length > 1 && key > 0 && (key > length - 3 || value > 0.9) ? ops.MASKED : value;
    }),
  };
  return { q, k, v, direction, mask: mask ?? null };
}

const optionsOf = (
  one: Case,
  layout: FusedAttentionOptions['layout'],
  mask: Handle | null,
): FusedAttentionOptions => ({
  heads: one.heads,
  keyValueHeads: one.groups,
  layout,
  scale: 1 / Math.sqrt(one.size),
  causal: one.causal ?? false,
  mask,
  dropout: one.dropout ? { probability: one.dropout, seed, stream } : null,
});

const tolerance = { relative: 2e-5, absolute: 1e-5 };

describeKernels('attention', ({ fused }, bench) => {
  it.each(cases)(
    '$batch × $heads/$groups × $queries × $keys × $size, causal $causal, mask $mask, dropout $dropout',
    (one) => {
      const { q, k, v, direction, mask } = makeInputs(one, false);
      const expected = reference([q, k, v], direction.values, (inputs) => compose(one, mask, inputs));
      const put = ({ values, shape }: Operand): Handle => bench.put(values, shape);
      const options = optionsOf(one, 'headsFirst', mask && put(mask));
      const inputs = { q: put(q), k: put(k), v: put(v) };
      const { output, logSum } = fused.attention(inputs, options);
      expect(output.shape).toEqual(q.shape);
      expectClose(bench.take(output), expected.output, 'output', tolerance);
      const gradients = fused.attentionGradient(put(direction), inputs, bench.hold(logSum), options);
      expectClose(bench.take(gradients.q), expected.gradients[0] ?? [], 'gradient of q', tolerance);
      expectClose(bench.take(gradients.k), expected.gradients[1] ?? [], 'gradient of k', tolerance);
      expectClose(bench.take(gradients.v), expected.gradients[2] ?? [], 'gradient of v', tolerance);
    },
  );

  it.each(cases.slice(1, 6))('time first: $batch × $heads/$groups × $queries × $keys × $size', (one) => {
    const { q, k, v, direction, mask } = makeInputs(one, false);
    const expected = reference([q, k, v], direction.values, (inputs) => compose(one, mask, inputs));
    const put = ({ values, shape }: Operand): Handle => {
      const [batch = 1, heads = 1, time = 1, size = 1] = shape;
      return bench.put(timeFirst(values, shape), [batch, time, heads * size]);
    };
    const options = optionsOf(one, 'timeFirst', mask && bench.put(mask.values, mask.shape));
    const inputs = { q: put(q), k: put(k), v: put(v) };
    const { output, logSum } = fused.attention(inputs, options);
    expect(output.shape).toEqual([one.batch, one.queries, one.heads * one.size]);
    expectClose(bench.take(output), timeFirst(expected.output, q.shape), 'output', tolerance);
    const gradients = fused.attentionGradient(put(direction), inputs, bench.hold(logSum), options);
    const wanted = [q, k, v].map(({ shape }, index) => timeFirst(expected.gradients[index] ?? [], shape));
    expectClose(bench.take(gradients.q), wanted[0] ?? [], 'gradient of q', tolerance);
    expectClose(bench.take(gradients.k), wanted[1] ?? [], 'gradient of k', tolerance);
    expectClose(bench.take(gradients.v), wanted[2] ?? [], 'gradient of v', tolerance);
  });

  it.each([
    { batch: 2, heads: 3, groups: 3, queries: 11, keys: 11, size: 8, causal: true },
    { batch: 1, heads: 4, groups: 2, queries: 20, keys: 20, size: 5, dropout: 0.2 },
  ] satisfies Case[])('packed: $batch × $heads/$groups × $queries × $size', (one) => {
    const { q, k, v, direction } = makeInputs(one, false);
    const expected = reference([q, k, v], direction.values, (inputs) => compose(one, null, inputs));
    const { batch, heads, groups, queries, size } = one;
    const width = (heads + 2 * groups) * size;
    const pack = (parts: readonly (readonly [ArrayLike<number>, Shape])[]): Float32Array => {
      const packed = new Float32Array(batch * queries * width);
      let at = 0;
      for (const [values, shape] of parts) {
        const own = (shape[1] ?? 1) * size;
        const rows = timeFirst(values, shape);
        for (let row = 0; row < batch * queries; row++)
          packed.set(rows.subarray(row * own, (row + 1) * own), row * width + at);
        at += own;
      }
      return packed;
    };
    const packed = bench.put(pack([q, k, v].map(({ values, shape }) => [values, shape])), [
      batch,
      queries,
      width,
    ]);
    const inputs = { q: packed, k: null, v: null };
    const options = optionsOf(one, 'packed', null);
    const { output, logSum } = fused.attention(inputs, options);
    expectClose(bench.take(output), timeFirst(expected.output, q.shape), 'output', tolerance);
    const incoming = bench.put(timeFirst(direction.values, q.shape), [batch, queries, heads * size]);
    const gradients = fused.attentionGradient(incoming, inputs, bench.hold(logSum), options);
    expect(gradients).toMatchObject({ k: null, v: null });
    const wanted = pack([q, k, v].map(({ shape }, index) => [expected.gradients[index] ?? [], shape]));
    expectClose(bench.take(gradients.q), wanted, 'gradient', tolerance);
  });

  it('sees the ranges of each query: packed documents', () => {
    const one = { batch: 2, heads: 2, groups: 1, queries: 14, keys: 14, size: 8 };
    const { q, k, v, direction } = makeInputs(one, false);
    // Documents [0, 5) and [5, 12) and padding, with causality; the other row is one document.
    const starts = [
      Array.from({ length: 14 }, (_, query) => (query < 5 ? 0 : 5)),
      new Array<number>(14).fill(0),
    ];
    const ends = [12, 14];
    const ranges = starts.flatMap((row, batch) =>
      row.flatMap((start, query) => (query < (ends[batch] ?? 0) ? [start, query + 1] : [0, 0])),
    );
    const sees = (batch: number, query: number, key: number): boolean => {
      const at = 2 * (batch * 14 + query);
      return key >= (ranges[at] ?? 0) && key < (ranges[at + 1] ?? 0);
    };
    const mask = Float32Array.from({ length: 2 * 14 * 14 }, (_, index) =>
      sees(Math.floor(index / 196), Math.floor(index / 14) % 14, index % 14) ? 0 : ops.MASKED,
    );
    const put = ({ values, shape }: Operand): Handle => bench.put(values, shape);
    const inputs = { q: put(q), k: put(k), v: put(v) };
    // Queries of the padding get no gradient and give zeros.
    const isPadding = (index: number): boolean => index < 2 * 14 * 8 && Math.floor(index / 8) % 14 >= 12;
    const incoming = direction.values.map((value, index) => (isPadding(index) ? 0 : value));
    const expected = reference([q, k, v], incoming, (operands) =>
      compose(one, { values: mask, shape: [2, 1, 14, 14] }, operands),
    );
    const options = {
      ...optionsOf(one, 'headsFirst', null),
      ranges: bench.put(Int32Array.from(ranges), [2, 14, 2]),
    };
    const { output, logSum } = fused.attention(inputs, options);
    const wanted = expected.output.map((value, index) => (isPadding(index) ? 0 : value));
    expectClose(bench.take(output), wanted, 'output', tolerance);
    const gradients = fused.attentionGradient(
      bench.put(incoming, q.shape),
      inputs,
      bench.hold(logSum),
      options,
    );
    expectClose(bench.take(gradients.q), expected.gradients[0] ?? [], 'gradient of q', tolerance);
    expectClose(bench.take(gradients.k), expected.gradients[1] ?? [], 'gradient of k', tolerance);
    expectClose(bench.take(gradients.v), expected.gradients[2] ?? [], 'gradient of v', tolerance);
  });

  it('reads a longer cache up to its filled length', () => {
    const one = { batch: 1, heads: 2, groups: 1, queries: 1, keys: 5, size: 16 };
    const { q, k, v } = makeInputs(one, false);
    const expected = reference([q, k, v], null, (operands) => compose(one, null, operands));
    const cache = (x: Operand): Handle => {
      const longer = new Float32Array(9 * 16).fill(NaN);
      longer.set(x.values);
      return bench.put(longer, [1, 1, 9, 16]);
    };
    const options = {
      ...optionsOf(one, 'headsFirst', null),
      ranges: bench.put(Int32Array.of(0, 5), [1, 1, 2]),
    };
    const inputs = { q: bench.put(q.values, q.shape), k: cache(k), v: cache(v) };
    const { output, logSum } = fused.attention(inputs, options);
    bench.hold(logSum);
    expectClose(bench.take(output), expected.output, 'output', tolerance);
  });

  it.each([cases[4], cases[7]].flatMap((one) => one ?? []))('in bfloat16: $queries queries', (one) => {
    const { q, k, v, direction, mask } = makeInputs(one, true);
    const expected = reference([q, k, v], direction.values, (inputs) => compose(one, mask, inputs));
    const put = ({ values, shape }: Operand): Handle => bench.put(values, shape, 'bfloat16');
    const options = optionsOf(one, 'headsFirst', mask && bench.put(mask.values, mask.shape));
    const inputs = { q: put(q), k: put(k), v: put(v) };
    const { output, logSum } = fused.attention(inputs, options);
    expect(output.dtype).toBe('bfloat16');
    expectClose(bench.take(output), expected.output, 'output', bfloat16Tolerance);
    const gradients = fused.attentionGradient(put(direction), inputs, bench.hold(logSum), options);
    [gradients.q, gradients.k, gradients.v].forEach((gradient, index) => {
      expectClose(
        bench.take(gradient),
        expected.gradients[index] ?? [],
        `gradient ${index}`,
        bfloat16Tolerance,
      );
    });
  });

  it('of empty tensors', () => {
    const one = { batch: 0, heads: 2, groups: 2, queries: 3, keys: 3, size: 4 };
    const empty = bench.put(new Float32Array(), [0, 2, 3, 4]);
    const { output, logSum } = fused.attention(
      { q: empty, k: empty, v: empty },
      optionsOf(one, 'headsFirst', null),
    );
    expect(bench.hold(output).shape).toEqual([0, 2, 3, 4]);
    expect(bench.hold(logSum).shape).toEqual([0, 2, 3]);
    // No keys: nothing is seen.
    const query = bench.put(new Float32Array(24), [1, 2, 3, 4]);
    const none = bench.put(new Float32Array(), [1, 2, 0, 4]);
    const alone = fused.attention({ q: query, k: none, v: none }, optionsOf(one, 'headsFirst', null));
    bench.hold(alone.logSum);
    expect(Array.from(bench.take(alone.output))).toEqual(new Array(24).fill(0));
  });

  it('passes NaN on to the rows it reaches', () => {
    const one = { batch: 1, heads: 1, groups: 1, queries: 8, keys: 8, size: 4 };
    const { q, k, v } = makeInputs(one, false);
    const broken = q.values.slice();
    broken[4] = NaN;
    const { output, logSum } = fused.attention(
      { q: bench.put(broken, q.shape), k: bench.put(k.values, k.shape), v: bench.put(v.values, v.shape) },
      optionsOf(one, 'headsFirst', null),
    );
    bench.hold(logSum);
    const nan = Array.from(bench.take(output), Number.isNaN);
    expect(nan).toEqual(nan.map((_, index) => index >= 4 && index < 8));
  });
});
