import { expect, it } from 'vitest';
import type { Tensor } from '../../../../src-main/engine/autodiff/tensor.ts';
import { linear } from '../../../../src-main/engine/ops/index.ts';
import { Draw, composedValues, describeKernels, expectClose } from './kernels.ts';

interface Sizes {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
}

/** In float64: op(a) · op(b) + bias + added. */
function productOf(
  [a, b, bias, added]: readonly Float32Array[],
  { rows, depth, columns }: Sizes,
  transposeA: boolean,
  transposeB: boolean,
): Float32Array {
  const left = (row: number, step: number) => a?.[transposeA ? step * rows + row : row * depth + step] ?? NaN;
  const right = (step: number, column: number) =>
    b?.[transposeB ? column * depth + step : step * columns + column] ?? NaN;
  return Float32Array.from({ length: rows * columns }, (_, place) => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    let sum = (bias?.[column] ?? 0) + (added?.[place] ?? 0);
    for (let step = 0; step < depth; step++) sum += left(row, step) * right(step, column);
    return sum;
  });
}

describeKernels('products', ({ backend, composed, fused }, bench) => {
  it.each([
    { rows: 1, depth: 1, columns: 1 },
    { rows: 0, depth: 3, columns: 5 },
    { rows: 4, depth: 0, columns: 20 },
    { rows: 13, depth: 7, columns: 16 },
    { rows: 50, depth: 64, columns: 128 },
    { rows: 31, depth: 33, columns: 77 },
    { rows: 37, depth: 8, columns: 130 },
    // Sums in two parts, and rows of b too far apart to be read in place.
    { rows: 20, depth: 800, columns: 24 },
    { rows: 9, depth: 12, columns: 560 },
  ])('of $rows rows, sums of $depth and $columns columns', (sizes) => {
    const { rows, depth, columns } = sizes;
    const draw = new Draw(11);
    const [bias, added] = [draw.floats([columns]), draw.floats([rows, columns])];
    for (const transposeA of [false, true])
      for (const transposeB of [false, true]) {
        const [shapeA, shapeB] = [
          transposeA ? [depth, rows] : [rows, depth],
          transposeB ? [columns, depth] : [depth, columns],
        ];
        const [a, b] = [draw.floats(shapeA), draw.floats(shapeB)];
        const [left, right] = [bench.put(a, shapeA), bench.put(b, shapeB)];
        const what = `transposed: ${transposeA}, ${transposeB}`;
        const plain = fused.product(left, right, { transposeA, transposeB });
        expect(plain.shape).toEqual([rows, columns]);
        expectClose(bench.take(plain), productOf([a, b], sizes, transposeA, transposeB), what);
        const whole = fused.product(left, right, {
          transposeA,
          transposeB,
          bias: bench.put(bias),
          added: bench.put(added, [rows, columns]),
        });
        const expected = productOf([a, b, bias, added], sizes, transposeA, transposeB);
        expectClose(bench.take(whole), expected, `${what}, with more`);
      }
  });

  it('reads leading axes as rows', () => {
    const draw = new Draw(4);
    const [a, b, c] = [draw.floats([2, 3, 8]), draw.floats([8, 16]), draw.floats([2, 3, 16])];
    const [left, right, other] = [bench.put(a, [2, 3, 8]), bench.put(b, [8, 16]), bench.put(c, [2, 3, 16])];
    const forward = fused.product(left, right, { transposeA: false, transposeB: false });
    expect(forward.shape).toEqual([2, 3, 16]);
    expectClose(
      bench.take(forward),
      productOf([a, b], { rows: 6, depth: 8, columns: 16 }, false, false),
      'a',
    );
    const weight = fused.product(left, other, { transposeA: true, transposeB: false });
    expect(weight.shape).toEqual([8, 16]);
    expectClose(
      bench.take(weight),
      productOf([a, c], { rows: 8, depth: 6, columns: 16 }, true, false),
      'both',
    );
  });

  it('passes NaN and infinities on', () => {
    const a = bench.put(Float32Array.of(1, NaN, Infinity, 1), [2, 2]);
    const b = bench.put(Float32Array.of(1, 0, 0, 1), [2, 2]);
    const result = fused.product(a, b, { transposeA: false, transposeB: false });
    expect([...bench.take(result)]).toEqual([NaN, NaN, Infinity, NaN]);
  });

  it('refuses what does not fit', () => {
    const [a, b] = [bench.put(new Float32Array(6), [2, 3]), bench.put(new Float32Array(8), [2, 4])];
    const plain = { transposeA: false, transposeB: false };
    expect(() => fused.product(a, b, plain)).toThrow(/as long as the columns/);
    const options = { ...plain, transposeA: true };
    const short = bench.put(new Float32Array(3));
    expect(() => fused.product(a, b, { ...options, bias: short })).toThrow(/one number for each column/);
    expect(() => fused.product(a, b, { ...options, added: short })).toThrow(/shape of the product/);
  });

  it('make a linear layer what composed operations make it', () => {
    const draw = new Draw(9);
    const shapes = [[5, 8, 24], [40, 24], [40], [5, 8, 40]];
    const operands = shapes.map((shape) => ({ values: draw.floats(shape), shape }));
    const layer = ([x, weight, bias, added]: readonly Tensor[]) =>
      linear(x ?? expect.fail(), weight ?? expect.fail(), bias ?? null, 'outIn', added);
    expectClose(
      composedValues(backend, operands, layer),
      composedValues(composed, operands, layer),
      'linear',
    );
  });
});
