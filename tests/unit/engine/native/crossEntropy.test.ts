import { expect, it } from 'vitest';
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
  { rows: 1, classes: 1, weighted: false },
  { rows: 3, classes: 2, weighted: true },
  { rows: 9, classes: 77, weighted: false },
  { rows: 40, classes: 1000, weighted: true },
  { rows: 2, classes: 9001, weighted: false },
];

describeKernels('cross-entropy', ({ fused, composed }, bench) => {
  it.each(cases)('of $rows rows and $classes classes, weighted $weighted, and its gradient', (one) => {
    const { rows, classes, weighted } = one;
    const draw = new Draw(classes);
    const shape = [rows, classes];
    const logits = draw.floats(shape, 6);
    const labels = draw.integers(rows, classes);
    const weights = weighted ? draw.floats(rows).map(Math.abs) : null;
    const expected = reference([{ values: logits, shape }], Float32Array.of(1.7), ([x], backend) =>
      ops.crossEntropy(
        x ?? expect.fail(),
        ops.fromValues(backend, labels, [rows], 'int32'),
        weights ? ops.fromValues(backend, weights, [rows], 'float32') : undefined,
      ),
    );
    const handle = bench.put(logits, shape);
    const labelHandle = bench.put(labels);
    const weightHandle = weights && bench.put(weights);
    const { loss, logSum } = fused.crossEntropy(handle, labelHandle, weightHandle);
    bench.hold(logSum);
    expect(loss.shape).toEqual([]);
    expectClose(bench.take(loss), expected.output, 'loss');
    const slope = bench.put(Float32Array.of(1.7), []);
    const apart = fused.crossEntropyGradient(slope, handle, labelHandle, weightHandle, logSum, false);
    expectClose(bench.take(apart), expected.gradients[0] ?? [], 'gradient');
    expect(bench.take(handle)).toEqual(logits);
    const inPlace = fused.crossEntropyGradient(slope, handle, labelHandle, weightHandle, logSum, true);
    expect(bench.take(inPlace)).toEqual(bench.take(apart));
    expect(bench.take(handle)).toEqual(bench.take(apart));
  });

  it('in bfloat16', () => {
    const shape = [5, 33];
    const draw = new Draw(2);
    const logits = rounded(draw.floats(shape, 3));
    const labels = draw.integers(5, 33);
    const expected = reference([{ values: logits, shape }], Float32Array.of(1), ([x], backend) =>
      ops.crossEntropy(x ?? expect.fail(), ops.fromValues(backend, labels, [5], 'int32')),
    );
    const handle = bench.put(logits, shape, 'bfloat16');
    const labelHandle = bench.put(labels);
    const { loss, logSum } = fused.crossEntropy(handle, labelHandle, null);
    bench.hold(logSum);
    expectClose(bench.take(loss), expected.output, 'loss');
    const slope = bench.put(Float32Array.of(1), []);
    const gradient = fused.crossEntropyGradient(slope, handle, labelHandle, null, logSum, false);
    expect(gradient.dtype).toBe('bfloat16');
    expectClose(bench.take(gradient), expected.gradients[0] ?? [], 'gradient', bfloat16Tolerance);
  });

  it('of extremes, NaN and infinities is what TensorFlow gives', () => {
    const rows = [
      [1e30, -1e30, 0],
      [88, 89, -90],
      [NaN, 1, 2],
      [Infinity, 1, 2],
      [-Infinity, 1, 2],
    ];
    for (const row of rows) {
      const logits = Float32Array.from(row);
      const labels = Int32Array.of(1);
      const expected = composedValues(composed, [{ values: logits, shape: [1, 3] }], ([x]) =>
        ops.crossEntropy(x ?? expect.fail(), ops.fromValues(composed, labels, [1], 'int32')),
      );
      const { loss, logSum } = fused.crossEntropy(bench.put(logits, [1, 3]), bench.put(labels), null);
      bench.hold(logSum);
      expectClose(bench.take(loss), expected, `${row}`);
    }
  });

  it('refuses labels outside the classes, and no rows have no mean', () => {
    const logits = bench.put(new Float32Array(6), [2, 3]);
    for (const label of [-1, 3])
      expect(() => fused.crossEntropy(logits, bench.put(Int32Array.of(0, label)), null)).toThrow(
        new RegExp(`label ${label} of row 1 is outside 3 classes`),
      );
    const { loss, logSum } = fused.crossEntropy(
      bench.put(new Float32Array(), [0, 3]),
      bench.put(new Int32Array()),
      null,
    );
    bench.hold(logSum);
    expect(Array.from(bench.take(loss))).toEqual([NaN]);
  });
});
