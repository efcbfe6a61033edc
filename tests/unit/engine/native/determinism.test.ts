import { expect, it } from 'vitest';
import type { Handle } from '../../../../src-main/engine/backend/backend.ts';
import type { FusedAttentionOptions } from '../../../../src-main/engine/backend/fused.ts';
import { Draw, describeKernels } from './kernels.ts';

describeKernels('determinism', ({ addon, fused }, bench) => {
  /** Bits of every result of the operations that add across rows or blocks, on so many threads. */
  function results(threads: number): Float32Array[] {
    addon.useThreads(threads);
    const draw = new Draw(11);
    const put = (...shape: number[]): Handle => bench.put(draw.floats(shape), shape);
    const [x, gradient, weight, bias] = [put(700, 96), put(700, 96), put(96), put(96)];
    const gelu = fused.geluGradient(gradient, x, bias, 'erf', true);
    const { output, statistics } = fused.norm(x, weight, bias, { centered: true, epsilon: 1e-5 });
    bench.hold(statistics.mean);
    bench.hold(statistics.scale);
    const norm = fused.normGradient(gradient, x, weight, statistics, { wantWeight: true, wantBias: true });
    const [q, k, v] = [put(2, 6, 70, 16), put(2, 2, 70, 16), put(2, 2, 70, 16)];
    const options: FusedAttentionOptions = {
      heads: 6,
      keyValueHeads: 2,
      layout: 'headsFirst',
      scale: 0.25,
      causal: true,
      dropout: { probability: 0.1, seed: 3, stream: 4 },
    };
    const attention = fused.attention({ q, k, v }, options);
    const slopes = fused.attentionGradient(q, { q, k, v }, bench.hold(attention.logSum), options);
    // Numbers below the normal range: every thread must treat them alike.
    const tiny = bench.put(draw.floats(100_000, 1e-39));
    const gated = fused.siluGate(tiny, tiny);
    const doubled = fused.squaredNorm([tiny]);
    const scaled = fused.dropout(tiny, { probability: 0.5, seed: 1, stream: 1 });
    const labels = bench.put(draw.integers(700, 96));
    const entropy = fused.crossEntropy(x, labels, null);
    const few = put(5, 96);
    const narrow = [
      fused.narrowProduct(few, put(700, 96), null, 'outIn'),
      fused.narrowProduct(few, put(96, 700), null, 'inOut'),
    ];
    const all = [
      ...narrow,
      gelu.x,
      gelu.bias,
      output,
      norm.x,
      norm.weight,
      norm.bias,
      attention.output,
      attention.logSum,
    ];
    const rest = [
      gated,
      doubled,
      scaled,
      slopes.q,
      slopes.k,
      slopes.v,
      entropy.loss,
      entropy.logSum,
      fused.squaredNorm([x, q, k]),
    ];
    return [...all, ...rest].map((handle) => bench.take(handle));
  }

  it('gives the same bits on every number of threads, every time', () => {
    const threads = addon.threads();
    try {
      const first = results(threads);
      for (const count of [threads, 1, threads, 2]) expect(results(count)).toEqual(first);
    } finally {
      addon.useThreads(threads);
    }
  });
});
