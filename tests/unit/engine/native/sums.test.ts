import { expect, it } from 'vitest';
import { Draw, bfloat16Tolerance, describeKernels, expectClose, rounded } from './kernels.ts';

describeKernels('sums', ({ fused }, bench) => {
  it.each([
    { shape: [], other: [] },
    { shape: [0, 3], other: [0, 3] },
    { shape: [1], other: [1] },
    { shape: [3, 5, 7], other: [3, 5, 7] },
    { shape: [200, 301], other: [200, 301] },
    { shape: [3, 5, 7], other: [7] },
    { shape: [1, 9], other: [9] },
    { shape: [300, 77], other: [77] },
    { shape: [4, 0], other: [0] },
  ])('of $shape and $other', ({ shape, other }) => {
    const draw = new Draw(7);
    const [a, b] = [draw.floats(shape), draw.floats(other)];
    const sum = (left: Float32Array, right: Float32Array) =>
      left.map((value, index) => value + (right[index % right.length] ?? NaN));
    const result = fused.add(bench.put(a, shape), bench.put(b, other));
    expect(result.shape).toEqual(shape);
    expect([...bench.take(result)]).toEqual([...sum(a, b)]);
    const halves = fused.add(bench.put(a, shape, 'bfloat16'), bench.put(b, other, 'bfloat16'));
    expectClose(bench.take(halves), sum(rounded(a), rounded(b)), 'in bfloat16', bfloat16Tolerance);
  });

  it('passes NaN and infinities on, and refuses what does not fit', () => {
    const a = bench.put(Float32Array.of(NaN, Infinity, -Infinity, 1), [2, 2]);
    expect([...bench.take(fused.add(a, bench.put(Float32Array.of(1, -Infinity))))]).toEqual([
      NaN,
      NaN,
      -Infinity,
      -Infinity,
    ]);
    expect(() => fused.add(a, bench.put(Float32Array.of(1, 2, 3)))).toThrow(/shape of the first/);
  });
});
