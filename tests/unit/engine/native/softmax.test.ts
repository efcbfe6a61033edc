import { expect, it } from 'vitest';
import type { Tensor } from '../../../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import * as ops from '../../../../src-main/engine/ops/index.ts';
import {
  Draw,
  bfloat16Tolerance,
  composedValues,
  describeKernels,
  expectClose,
  reference,
  rounded,
} from './kernels.ts';

const cases = [
  { shape: [1, 1, 1, 1], mask: null, causal: false },
  { shape: [2, 3, 5, 7], mask: [2, 1, 1, 7], causal: false },
  { shape: [2, 3, 5, 7], mask: [1, 3, 5, 1], causal: true },
  { shape: [2, 2, 4, 33], mask: null, causal: true },
  { shape: [1, 2, 40, 40], mask: [2, 40, 40], causal: true },
  { shape: [2, 0, 3, 4], mask: null, causal: false },
  { shape: [1, 1, 3, 0], mask: null, causal: false },
];

describeKernels('masked softmax', ({ fused, composed }, bench) => {
  const masked = (
    backend: Backend,
    shape: readonly number[],
    mask: Float32Array | null,
    own: readonly number[] | null,
  ) => {
    const [, , queries = 1, keys = 1] = shape;
    const given = mask && own ? ops.fromValues(backend, mask, own, 'float32') : null;
    return (causal: boolean): Tensor | null => {
      if (!causal) return given;
      const triangle = ops.causalMask(backend, queries, keys);
      return given ? ops.add(given, triangle) : triangle;
    };
  };

  it.each(cases)(
    'of $shape with mask $mask, causal $causal, and its gradient',
    ({ shape, mask: maskShape, causal }) => {
      const draw = new Draw(shape[3] ?? 0);
      const [scores, direction] = [draw.floats(shape, 4), draw.floats(shape)];
      // The first key stays visible: a row that sees nothing has no meaning to compare.
      const hides = (value: number, index: number): boolean =>
        value > 0.8 && index % (maskShape?.at(-1) ?? 1) > 0;
      const mask =
        maskShape && draw.floats(maskShape).map((value, index) => (hides(value, index) ? ops.MASKED : value));
      const scale = 0.37;
      const handle = bench.put(scores, shape);
      const maskHandle = mask && maskShape ? bench.put(mask, maskShape) : null;
      const output = bench.hold(fused.maskedSoftmax(handle, maskHandle, { scale, causal }));
      if (scores.length === 0) {
        expect(output.shape).toEqual(shape);
        return;
      }
      const expected = reference([{ values: scores, shape }], direction, ([x], backend) =>
        ops.maskedSoftmax(x ?? expect.fail(), masked(backend, shape, mask, maskShape)(causal), scale),
      );
      expectClose(bench.take(output), expected.output, 'output');
      const gradient = fused.maskedSoftmaxGradient(bench.put(direction, shape), output, scale);
      expectClose(bench.take(gradient), expected.gradients[0] ?? [], 'gradient');
    },
  );

  it('of extremes, NaN and fully masked rows is what TensorFlow gives', () => {
    const rows = [
      [1e30, -1e30, 0, 1],
      [88, 89, 90, -90],
      [NaN, 1, 2, 3],
      [Infinity, 1, 2, 3],
      [-Infinity, 1, 2, 3],
      [-Infinity, -Infinity, -Infinity, -Infinity],
      [0.5, 1.5, 2.5, 3.5],
    ];
    const shape = [1, 1, rows.length, 4];
    const scores = Float32Array.from(rows.flat());
    const hidden = rows.flatMap((_, row) =>
      new Array<number>(4).fill(row === rows.length - 1 ? ops.MASKED : 0),
    );
    const mask = Float32Array.from(hidden);
    const operands = [scores, mask].map((values) => ({ values, shape }));
    const expected = composedValues(composed, operands, ([x, m]) =>
      ops.maskedSoftmax(x ?? expect.fail(), m ?? null, 1),
    );
    const output = fused.maskedSoftmax(bench.put(scores, shape), bench.put(mask, shape), {
      scale: 1,
      causal: false,
    });
    expectClose(bench.take(output), expected, 'output');
    expect(Array.from(expected.slice(-4))).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('in bfloat16', () => {
    const shape = [1, 2, 3, 19];
    const draw = new Draw(9);
    const [scores, direction] = [rounded(draw.floats(shape, 3)), rounded(draw.floats(shape))];
    const expected = reference([{ values: scores, shape }], direction, ([x]) =>
      ops.maskedSoftmax(x ?? expect.fail(), null, 0.5),
    );
    const handle = bench.put(scores, shape, 'bfloat16');
    const output = bench.hold(fused.maskedSoftmax(handle, null, { scale: 0.5, causal: false }));
    expectClose(bench.take(output), expected.output, 'output', bfloat16Tolerance);
    const gradient = fused.maskedSoftmaxGradient(bench.put(direction, shape, 'bfloat16'), output, 0.5);
    expectClose(bench.take(gradient), expected.gradients[0] ?? [], 'gradient', bfloat16Tolerance);
  });
});
