import { expect, it } from 'vitest';
import { narrowRows } from '../../../../src-main/engine/backend/fused.ts';
import type { Tensor } from '../../../../src-main/engine/autodiff/tensor.ts';
import { linear } from '../../../../src-main/engine/ops/index.ts';
import { Draw, composedValues, describeKernels, expectClose, rounded } from './kernels.ts';

/** In float64: x `[rows, depth]` · weight (+ bias). */
function product(
  [x, weight, bias]: readonly [Float32Array, Float32Array, Float32Array | null],
  [rows, depth, outputs]: readonly [number, number, number],
  layout: 'outIn' | 'inOut',
): Float32Array {
  const at = (output: number, input: number) =>
    weight[layout === 'outIn' ? output * depth + input : input * outputs + output] ?? NaN;
  return Float32Array.from({ length: rows * outputs }, (_, place) => {
    const [row, output] = [Math.floor(place / outputs), place % outputs];
    let sum = bias?.[output] ?? 0;
    for (let input = 0; input < depth; input++) sum += (x[row * depth + input] ?? NaN) * at(output, input);
    return sum;
  });
}

describeKernels('narrow products', ({ backend, composed, fused }, bench) => {
  it.each([
    [1, 1, 1],
    [0, 3, 5],
    [2, 0, 5],
    [1, 768, 40],
    [3, 37, 7],
    [4, 5, 300],
    [7, 130, 257],
    [narrowRows, 67, 1029],
  ] as const)('of %i rows, %i inputs and %i outputs', (rows, depth, outputs) => {
    const draw = new Draw(5);
    const [x, bias] = [draw.floats([rows, depth]), draw.floats([outputs])];
    for (const layout of ['outIn', 'inOut'] as const) {
      const shape = layout === 'outIn' ? [outputs, depth] : [depth, outputs];
      const weight = draw.floats(shape);
      const [left, added] = [bench.put(x, [rows, depth]), bench.put(bias, [outputs])];
      const whole = fused.narrowProduct(left, bench.put(weight, shape), added, layout);
      expect(whole.shape).toEqual([rows, outputs]);
      expectClose(bench.take(whole), product([x, weight, bias], [rows, depth, outputs], layout), layout);
      const halves = fused.narrowProduct(left, bench.put(weight, shape, 'bfloat16'), null, layout);
      const expected = product([x, rounded(weight), null], [rows, depth, outputs], layout);
      expectClose(bench.take(halves), expected, `${layout}, bfloat16 weights`);
    }
  });

  it('keeps leading axes, and passes NaN and infinities on', () => {
    const x = bench.put(Float32Array.of(1, 0, NaN, 1, Infinity, 1), [3, 1, 2]);
    const result = fused.narrowProduct(x, bench.put(Float32Array.of(2, 3), [1, 2]), null, 'outIn');
    expect(result.shape).toEqual([3, 1, 1]);
    expect([...bench.take(result)]).toEqual([2, NaN, Infinity]);
  });

  it('refuses what does not fit', () => {
    const [x, weight] = [bench.put(new Float32Array(6), [2, 3]), bench.put(new Float32Array(6), [3, 2])];
    expect(() => fused.narrowProduct(x, weight, null, 'outIn')).toThrow(/as long as the weight is deep/);
    const wrong = bench.put(new Float32Array(3), [3]);
    expect(() => fused.narrowProduct(x, weight, wrong, 'inOut')).toThrow(/one number for each output/);
    const rows = bench.put(new Float32Array(3 * (narrowRows + 1)), [narrowRows + 1, 3]);
    expect(() => fused.narrowProduct(rows, weight, null, 'inOut')).toThrow(/too many rows/);
  });

  it.each([narrowRows, narrowRows + 1])(
    'a linear layer of %i rows is what composed operations make it',
    (rows) => {
      const draw = new Draw(9);
      const operands = [[rows, 24], [10, 24], [10]].map((shape) => ({ values: draw.floats(shape), shape }));
      const layer = ([x, weight, bias]: readonly Tensor[]) =>
        linear(x ?? expect.fail(), weight ?? expect.fail(), bias ?? null);
      expectClose(
        composedValues(backend, operands, layer),
        composedValues(composed, operands, layer),
        'linear',
      );
    },
  );
});
