import { beforeAll, describe, expect, it } from 'vitest';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../../../src-main/engine/autodiff/tape.ts';
import type { Tensor } from '../../../../src-main/engine/autodiff/tensor.ts';
import { Parameter } from '../../../../src-main/engine/autodiff/tensor.ts';
import type { Backend, Shape } from '../../../../src-main/engine/backend/backend.ts';
import { packHalves } from '../../../../src-main/engine/backend/halfFloats.ts';
import { sizeOf } from '../../../../src-main/engine/backend/shapes.ts';
import * as ops from '../../../../src-main/engine/ops/index.ts';
import { openBackend, testedKinds } from '../backend/testBackends.ts';

/** What an operation gives, read out; nothing may stay behind. */
function valuesOf(backend: Backend, body: () => Tensor): number[] {
  const before = backend.liveHandles;
  const values = scope(() => Array.from(body().values()));
  expect(backend.liveHandles).toBe(before);
  return values;
}

function expectValues(actual: readonly number[], expected: readonly number[], digits = 6): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, index) => expect(actual[index]).toBeCloseTo(value, digits));
}

describe.each(testedKinds)('operations on the %s backend', (kind) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(kind);
  });

  const floats = (values: readonly number[], shape: Shape = [values.length]): Tensor =>
    ops.fromValues(backend, Float32Array.from(values), shape, 'float32');
  const waves = (shape: Shape, from = 0): Tensor =>
    floats(
      Array.from({ length: sizeOf(shape) }, (_, index) => Math.sin((index + from) * 1.3)),
      shape,
    );

  it('has both forms of GELU', () => {
    // Φ(1) = 0.8413447460685429; the tanh form differs in the fourth digit.
    expectValues(
      valuesOf(backend, () => ops.gelu(floats([-1, 0, 1, 3]))),
      [-0.15865525, 0, 0.84134475, 2.99595031],
    );
    expectValues(
      valuesOf(backend, () => ops.geluTanh(floats([-1, 0, 1, 3]))),
      [-0.15880801, 0, 0.84119199, 2.99636261],
    );
  });

  it('normalises with the biased variance and epsilon inside the root', () => {
    const [weight, bias] = [
      [2, 2],
      [1, 0],
    ];
    // Mean 2, variance 1: ±1/√(1 + 3) · 2.
    expectValues(
      valuesOf(backend, () => ops.layerNorm(floats([1, 3], [1, 2]), floats(weight), floats(bias), 3)),
      [0, 1],
    );
    expectValues(
      valuesOf(backend, () => ops.rmsNorm(floats([1, 7], [1, 2]), floats(weight), 75)),
      [0.2, 1.4],
    );
  });

  it('stays finite where a row is constant and epsilon is below float32 resolution', () => {
    const rows = valuesOf(backend, () =>
      ops.layerNorm(floats([5, 5, 5], [1, 3]), floats([1, 1, 1]), floats([0, 0, 0]), 1e-12),
    );
    expectValues(rows, [0, 0, 0]);
  });

  it('gives equal weights to a row whose keys are all masked', () => {
    const [q, k] = [
      [1, 1, 2, 4],
      [1, 1, 3, 4],
    ];
    const attended = valuesOf(backend, () => {
      const mask = ops.paddingMask(ops.indicesFrom(backend, [0, 0, 0], [1, 3]));
      const values = floats([1, 2, 3, 4, 5, 6], [1, 1, 3, 2]);
      return ops.attention(waves(q), waves(k), values, { mask, causal: true });
    });
    // The mean of all values for each query, whichever of both masks hides a key.
    expectValues(attended, [3, 4, 3, 4]);
  });

  it('lets queries see only keys up to their own position, the queries being the last ones', () => {
    const mask = valuesOf(backend, () => ops.causalMask(backend, 2, 4));
    const hidden = Math.fround(ops.MASKED);
    expect(mask.map((value) => value || 0)).toEqual([0, 0, 0, hidden, 0, 0, 0, 0]);
  });

  it('hides padding', () => {
    const mask = valuesOf(backend, () => ops.paddingMask(ops.indicesFrom(backend, [1, 0], [1, 2])));
    expect(mask.map((value) => value || 0)).toEqual([0, Math.fround(ops.MASKED)]);
  });

  it('shares keys and values among a group of heads as if they were repeated', () => {
    const grouped = valuesOf(backend, () =>
      ops.attention(waves([2, 6, 3, 4]), waves([2, 2, 5, 4], 7), waves([2, 2, 5, 4], 90), {
        mask: null,
        causal: true,
      }),
    );
    const repeated = valuesOf(backend, () => {
      const repeat = (x: Tensor): Tensor =>
        ops.reshape(ops.broadcastTo(ops.reshape(x, [2, 2, 1, 5, 4]), [2, 2, 3, 5, 4]), [2, 6, 5, 4]);
      return ops.attention(
        waves([2, 6, 3, 4]),
        repeat(waves([2, 2, 5, 4], 7)),
        repeat(waves([2, 2, 5, 4], 90)),
        {
          mask: null,
          causal: true,
        },
      );
    });
    expectValues(grouped, repeated);
  });

  it('rotates halves of a head against each other by position', () => {
    const [position, angle] = [3, 3 * 100 ** (-2 / 4)];
    const rotated = valuesOf(backend, () => {
      const tables = ops.ropeTables(backend, [[position]], ops.inverseFrequencies(4, 100));
      return ops.rope(floats([1, 2, 3, 4], [1, 1, 1, 4]), tables);
    });
    const [cos0, sin0, cos1, sin1] = [Math.cos(3), Math.sin(3), Math.cos(angle), Math.sin(angle)];
    expectValues(rotated, [cos0 - 3 * sin0, 2 * cos1 - 4 * sin1, 3 * cos0 + sin0, 4 * cos1 + 2 * sin1], 5);
  });

  it('gives the loss of uniform logits, weighs rows, and does not overflow', () => {
    const [loss] = valuesOf(backend, () =>
      ops.crossEntropy(floats([0, 0, 0, 0], [1, 4]), ops.indicesFrom(backend, [2])),
    );
    expect(loss).toBeCloseTo(Math.log(4), 6);
    const [weighted] = valuesOf(backend, () =>
      ops.crossEntropy(floats([1e4, 0, 0, 1e4], [2, 2]), ops.indicesFrom(backend, [0, 0]), floats([3, 1])),
    );
    expect(weighted).toBeCloseTo(2500, 2);
  });

  it('measures a large vocabulary in parts, with the loss of the whole', () => {
    const [rows, classes] = [5, 3_000_000];
    const labels = [0, 1, 2_999_999, 7, 1_500_000];
    // Logits from 0 to 3 over the classes: Σ exp is classes · (e³ − 1)/3.
    const loss = valuesOf(backend, () => {
      const ramp = ops.fromValues(
        backend,
        Float32Array.from({ length: classes }, (_, index) => index * 1e-6),
        [classes],
        'float32',
      );
      return ops.crossEntropy(ops.broadcastTo(ramp, [rows, classes]), ops.indicesFrom(backend, labels));
    });
    const chosen = labels.reduce((sum, label) => sum + label * 1e-6, 0) / rows;
    expectValues(loss, [Math.log((classes * (Math.exp(3) - 1)) / 3) - chosen], 3);
  });

  it('drops the same elements in backward as in forward', () => {
    const weight = new Parameter('w', ops.filled(backend, [200], 1));
    weight.trainable = true;
    let kept: number[] = [];
    let drawn = 0;
    backpropagate([weight], () => {
      const dropped = ops.dropout(weight.value, 0.5, { seed: 9, next: () => drawn++ });
      kept = Array.from(dropped.values());
      return ops.sum(dropped);
    });
    expect(Array.from(weight.gradient?.values() ?? [])).toEqual(kept);
    expect(drawn).toBe(1);
    weight.dispose();
  });

  it('draws anew each time, and not at all outside training', () => {
    let drawn = 0;
    const random = { seed: 9, next: () => drawn++ };
    const draw = (): number[] =>
      valuesOf(backend, () => ops.dropout(ops.filled(backend, [64], 1), 0.5, random));
    expect(draw()).not.toEqual(draw());
    const x = ops.filled(backend, [2], 1);
    expect(ops.dropout(x, 0.5, null)).toBe(x);
    expect(ops.dropout(x, 0, random)).toBe(x);
    expect(() => ops.dropout(x, 1, random)).toThrow('not 1');
    expect(drawn).toBe(2);
    x.dispose();
  });

  it('repeats a stream, apart from the one it comes from', () => {
    let drawn = 3;
    const outer = { seed: 4, next: () => drawn++ };
    const repeat = ops.repeatableStream(outer);
    const [first, second, other] = [repeat(), repeat(), ops.repeatableStream(outer)()];
    const numbers = [first.next(), first.next()];
    expect([second.next(), second.next()]).toEqual(numbers);
    expect(numbers[0]).not.toBe(numbers[1]);
    expect(numbers).not.toContain(other.next());
    expect(first.seed).not.toBe(outer.seed);
  });

  it('says which shapes do not fit', () => {
    scope(() => {
      expect(() => ops.linear(waves([2, 3]), waves([4, 5]), null)).toThrow(
        '5 inputs was given a tensor of shape [2, 3]',
      );
      expect(() => ops.reshape(waves([2, 3]), [4])).toThrow('[2, 3] cannot become [4]');
      expect(() => ops.splitHeads(waves([1, 2, 5]), 2)).toThrow('into 2 heads');
      expect(() =>
        ops.attention(waves([1, 3, 1, 2]), waves([1, 2, 1, 2]), waves([1, 2, 1, 2]), {
          mask: null,
          causal: false,
        }),
      ).toThrow('3 query heads cannot share 2');
      expect(() => ops.crossEntropy(waves([2, 3]), ops.indicesFrom(backend, [0]))).toThrow('one label a row');
    });
  });

  it('takes bfloat16 weights, with float32 outputs and gradients', () => {
    const weights = Float32Array.from({ length: 64 * 48 }, (_, index) => Math.sin(index * 0.7));
    const input = new Parameter('x', waves([3, 5, 48]));
    input.trainable = true;
    const run = (weight: Tensor): { output: number[]; gradient: number[] } => {
      let output: number[] = [];
      backpropagate([input], () => {
        const result = ops.linear(input.value, weight, null);
        expect(result.dtype).toBe('float32');
        output = Array.from(result.values());
        return ops.sum(ops.square(result));
      });
      const gradient = Array.from(input.gradient?.values() ?? []);
      expect(input.gradient?.dtype).toBe('float32');
      input.clearGradient();
      weight.dispose();
      return { output, gradient };
    };
    const exact = run(ops.fromValues(backend, weights, [64, 48], 'float32'));
    const rounded = run(ops.fromValues(backend, packHalves(weights, 'bfloat16'), [64, 48], 'bfloat16'));
    const norm = (values: readonly number[]): number => Math.hypot(...values);
    for (const part of ['output', 'gradient'] as const) {
      const difference = exact[part].map((value, index) => value - (rounded[part][index] ?? NaN));
      // Rounding to 8 bits of each factor, over a sum of 48: below 1 %, and not nothing.
      expect(norm(difference) / norm(exact[part])).toBeLessThan(0.01);
      expect(norm(difference)).toBeGreaterThan(0);
    }
    input.dispose();
  });

  it('reads embeddings of 16-bit tables as float32 and adds up repeated ids', () => {
    const table = new Parameter('table', waves([4, 3]));
    table.trainable = true;
    backpropagate([table], () =>
      ops.sum(ops.embedding(table.value, ops.indicesFrom(backend, [2, 0, 2, 2], [2, 2]))),
    );
    expect(Array.from(table.gradient?.values() ?? [])).toEqual([1, 1, 1, 0, 0, 0, 3, 3, 3, 0, 0, 0]);
    table.dispose();
    const read = scope(() => {
      const halves = packHalves(Float32Array.of(1, 2, 3, 4), 'bfloat16');
      const rows = ops.embedding(
        ops.fromValues(backend, halves, [2, 2], 'bfloat16'),
        ops.indicesFrom(backend, [1]),
      );
      expect(rows.dtype).toBe('float32');
      return Array.from(rows.values());
    });
    expect(read).toEqual([3, 4]);
  });
});
