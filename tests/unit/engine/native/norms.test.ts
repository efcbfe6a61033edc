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

const shapes = [[0, 5], [1], [1, 1], [3, 7], [2, 3, 33], [5, 64], [70, 129], [500, 140], [3, 4099]] as const;
const epsilon = 1e-5;

for (const centered of [true, false]) {
  describeKernels(centered ? 'layer norm' : 'RMS norm', ({ fused, composed }, bench) => {
    const run = (inputs: readonly Parameters<typeof ops.rmsNorm>[0][]) => {
      const [x, weight, bias] = inputs;
      if (!x || !weight) return expect.fail();
      return centered && bias ? ops.layerNorm(x, weight, bias, epsilon) : ops.rmsNorm(x, weight, epsilon);
    };

    it.each(shapes.map((shape) => ({ shape })))('of $shape and its gradients', ({ shape }) => {
      const draw = new Draw(shape.length * 7 + (shape.at(-1) ?? 0));
      const width = shape.at(-1) ?? 0;
      const x = draw.floats(shape, 2).map((value) => value + 1);
      const [weight, bias, direction] = [draw.floats(width), draw.floats(width), draw.floats(shape)];
      const wide = [
        { values: weight, shape: [width] },
        ...(centered ? [{ values: bias, shape: [width] }] : []),
      ];
      const expected = reference([{ values: x, shape }, ...wide], direction, run);
      const [handle, weightHandle] = [bench.put(x, shape), bench.put(weight)];
      const biasHandle = centered ? bench.put(bias) : null;
      const { output, sum, statistics } = fused.norm(handle, weightHandle, biasHandle, { centered, epsilon });
      expect(sum).toBeNull();
      expect(statistics.mean === null).toBe(!centered);
      expectClose(bench.take(output), expected.output, 'output');
      bench.hold(statistics.mean);
      // Rounding errors of the gradient of x grow with 1/deviation.
      const steepest = bench.take(statistics.scale).reduce((most, value) => Math.max(most, value), 1);
      const tolerance = { absolute: 1e-6 * steepest };
      const gradient = bench.put(direction, shape);
      const wants = { wantWeight: true, wantBias: centered };
      const gradients = fused.normGradient(gradient, handle, weightHandle, statistics, wants);
      expectClose(bench.take(gradients.x), expected.gradients[0] ?? [], 'gradient of x', tolerance);
      expectClose(bench.take(gradients.weight), expected.gradients[1] ?? [], 'gradient of the weight');
      if (centered)
        expectClose(bench.take(gradients.bias), expected.gradients[2] ?? [], 'gradient of the bias');
      const only = fused.normGradient(gradient, handle, weightHandle, statistics, {
        wantWeight: false,
        wantBias: false,
      });
      expect(only).toMatchObject({ weight: null, bias: null });
      expectClose(bench.take(only.x), expected.gradients[0] ?? [], 'gradient of x alone', tolerance);
    });

    it('adds a residual first and a gradient that passes by', () => {
      const draw = new Draw(3);
      const shape = [11, 37];
      const [x, residual, direction, passing] = [0, 1, 2, 3].map(() => draw.floats(shape));
      const [weight, bias] = [draw.floats(37), draw.floats(37)];
      if (!x || !residual || !direction || !passing) return expect.fail();
      const total = Float32Array.from(x, (value, index) => value + (residual[index] ?? 0));
      const wide = [{ values: weight, shape: [37] }, ...(centered ? [{ values: bias, shape: [37] }] : [])];
      const expected = reference([{ values: total, shape }, ...wide], direction, run);
      const weightHandle = bench.put(weight);
      const { output, sum, statistics } = fused.norm(
        bench.put(x, shape),
        weightHandle,
        centered ? bench.put(bias) : null,
        { centered, epsilon, residual: bench.put(residual, shape) },
      );
      expect(bench.take(sum)).toEqual(total);
      expectClose(bench.take(output), expected.output, 'output');
      bench.hold(statistics.mean);
      bench.hold(statistics.scale);
      const gradients = fused.normGradient(
        bench.put(direction, shape),
        sum ?? expect.fail(),
        weightHandle,
        statistics,
        {
          wantWeight: false,
          wantBias: false,
          passing: bench.put(passing, shape),
        },
      );
      const wanted = (expected.gradients[0] ?? new Float64Array()).map(
        (value, index) => value + (passing[index] ?? 0),
      );
      expectClose(bench.take(gradients.x), wanted, 'gradient');
    });

    it('takes and gives bfloat16', () => {
      const draw = new Draw(4);
      const shape = [6, 50];
      const [x, direction] = [rounded(draw.floats(shape)), rounded(draw.floats(shape))];
      const [weight, bias] = [draw.floats(50), draw.floats(50)];
      const wide = [{ values: weight, shape: [50] }, ...(centered ? [{ values: bias, shape: [50] }] : [])];
      const expected = reference([{ values: x, shape }, ...wide], direction, run);
      const weightHandle = bench.put(weight);
      const biasHandle = centered ? bench.put(bias) : null;
      for (const [type, outputType] of [
        ['float32', 'bfloat16'],
        ['bfloat16', 'float32'],
        ['bfloat16', 'bfloat16'],
      ] as const) {
        const handle = bench.put(x, shape, type);
        const { output, statistics } = fused.norm(handle, weightHandle, biasHandle, {
          centered,
          epsilon,
          outputType,
        });
        expect(output.dtype).toBe(outputType);
        expectClose(bench.take(output), expected.output, 'output', bfloat16Tolerance);
        bench.hold(statistics.mean);
        bench.hold(statistics.scale);
        const gradient = bench.put(direction, shape, outputType);
        const wants = { wantWeight: true, wantBias: false };
        const gradients = fused.normGradient(gradient, handle, weightHandle, statistics, wants);
        expect(gradients.x.dtype).toBe(type);
        expectClose(bench.take(gradients.x), expected.gradients[0] ?? [], 'gradient', bfloat16Tolerance);
        expectClose(bench.take(gradients.weight), expected.gradients[1] ?? [], 'weight', { absolute: 1e-5 });
      }
    });

    it('of rows with extremes, NaN and infinities is what TensorFlow gives', () => {
      const rows = [
        [0, 0, 0, 0, 0],
        [1e-30, -1e-30, 1e-30, 0, 0],
        [1e18, -1e18, 3e17, 0, 1],
        [1, 2, NaN, 4, 5],
        [1, Infinity, 3, 4, 5],
        [7, 7, 7, 7, 7],
      ];
      const shape = [rows.length, 5];
      const ones = new Float32Array(5).fill(1);
      const wide = { values: ones, shape: [5] };
      const x = Float32Array.from(rows.flat());
      const operands = [
        { values: x, shape },
        wide,
        ...(centered ? [{ values: new Float32Array(5), shape: [5] }] : []),
      ];
      const expected = composedValues(composed, operands, run);
      const { output, statistics } = fused.norm(bench.put(x, shape), bench.put(ones), null, {
        centered,
        epsilon,
      });
      bench.hold(statistics.mean);
      bench.hold(statistics.scale);
      expectClose(bench.take(output), expected, 'output');
    });
  });
}
