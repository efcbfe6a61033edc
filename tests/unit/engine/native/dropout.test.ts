import { expect, it } from 'vitest';
import { Draw, composedValues, describeKernels, rounded } from './kernels.ts';
import * as ops from '../../../../src-main/engine/ops/index.ts';

const sizes = [0, 1, 2, 7, 33, 127, 128, 129, 1000, 40_001, 100_000];

describeKernels('dropout', ({ fused, composed }, bench) => {
  it.each(sizes)('of %i elements drops what the composed form drops', (size) => {
    const x = new Draw(size).floats(size);
    for (const draw of [
      { probability: 0.1, seed: 7, stream: 0 },
      { probability: 0.5, seed: -3, stream: 2 ** 33 + 5 },
    ]) {
      const { probability, seed, stream } = draw;
      const expected = composedValues(composed, [{ values: x, shape: [size] }], ([value]) =>
        ops.dropout(value ?? expect.fail(), probability, { seed, next: () => stream }),
      );
      expect(bench.take(fused.dropout(bench.put(x), draw))).toEqual(expected);
    }
  });

  it('in bfloat16 drops the same', () => {
    const x = rounded(new Draw(1).floats(300).map((value) => value + 10));
    const draw = { probability: 0.25, seed: 1, stream: 2 };
    const float = bench.take(fused.dropout(bench.put(x), draw));
    expect(bench.take(fused.dropout(bench.put(x, [300], 'bfloat16'), draw))).toEqual(rounded(float));
  });

  it('passes NaN and infinities as a product does', () => {
    const x = new Float32Array(64).fill(Infinity);
    const dropped = bench.take(fused.dropout(bench.put(x), { probability: 0.5, seed: 1, stream: 1 }));
    const kinds = new Set(Array.from(dropped, String));
    expect(kinds).toEqual(new Set(['Infinity', 'NaN']));
  });
});
