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

const shapes = [
  [0],
  [1],
  [5, 0],
  [0, 4],
  [3, 5],
  [2, 3, 33],
  [7, 16],
  [1, 1000],
  [130, 131],
  [500, 140],
  [20000],
] as const;
const extremes = Float32Array.of(
  ...[
    0, -0, 1e-38, -1e-38, 1e-20, 1, -1, 5.5, -5.5, 9, -9, 13.2, -13.2, 40, -40, 89, -89, 1e4, -1e4, 1e12,
    -1e12,
  ],
  ...[3e38, -3e38, Infinity, -Infinity, NaN],
);

describeKernels('GELU', ({ fused, composed }, bench) => {
  for (const form of ['erf', 'tanh'] as const) {
    const run = form === 'erf' ? ops.gelu : ops.geluTanh;

    it.each(shapes.map((shape) => ({ shape })))(`${form} of $shape and its gradient`, ({ shape }) => {
      const draw = new Draw(shape.length * 100 + (shape.at(-1) ?? 0));
      const width = shape.at(-1) ?? 0;
      const [x, bias, direction] = [draw.floats(shape, 3), draw.floats(width), draw.floats(shape)];
      const added = { values: bias, shape: [width] };
      const withBias = reference([{ values: x, shape }, added], direction, ([a, b]) =>
        run(ops.add(a ?? expect.fail(), b ?? expect.fail())),
      );
      const handle = bench.put(x, shape);
      const biasHandle = bench.put(bias);
      const gradient = bench.put(direction, shape);
      expectClose(bench.take(fused.gelu(handle, biasHandle, form)), withBias.output, 'output');
      const gradients = fused.geluGradient(gradient, handle, biasHandle, form, true);
      expectClose(bench.take(gradients.x), withBias.gradients[0] ?? [], 'gradient of x');
      expectClose(bench.take(gradients.bias), withBias.gradients[1] ?? [], 'gradient of the bias');

      const alone = reference([{ values: x, shape }], direction, ([a]) => run(a ?? expect.fail()));
      expectClose(bench.take(fused.gelu(handle, null, form)), alone.output, 'without bias');
      const unbiased = fused.geluGradient(gradient, handle, null, form, false);
      expect(unbiased.bias).toBeNull();
      expectClose(bench.take(unbiased.x), alone.gradients[0] ?? [], 'gradient without bias');
    });

    it(`${form} of extremes is what TensorFlow's operations give`, () => {
      const operand = { values: extremes, shape: [extremes.length] };
      const expected = composedValues(composed, [operand], ([x]) => run(x ?? expect.fail()));
      const handle = bench.put(extremes);
      expectClose(bench.take(fused.gelu(handle, null, form)), expected, form);
      // Far out the slope of the composed form overflows to NaN where the true one is 0 or 1.
      const finite = extremes.filter((value) => Math.abs(value) <= 1e4);
      const ones = finite.map(() => 1);
      const slopes = reference([{ values: finite, shape: [finite.length] }], ones, ([x]) =>
        run(x ?? expect.fail()),
      );
      const gradient = fused.geluGradient(bench.put(ones), bench.put(finite), null, form, false);
      expectClose(bench.take(gradient.x), slopes.gradients[0] ?? [], 'slope');
    });

    it(`${form} in bfloat16`, () => {
      const draw = new Draw(5);
      const shape = [9, 77];
      const [x, bias, direction] = [
        rounded(draw.floats(shape, 2)),
        draw.floats(77),
        rounded(draw.floats(shape)),
      ];
      const operands = [
        { values: x, shape },
        { values: bias, shape: [77] },
      ];
      const expected = reference(operands, direction, ([a, b]) =>
        run(ops.add(a ?? expect.fail(), b ?? expect.fail())),
      );
      const handle = bench.put(x, shape, 'bfloat16');
      const biasHandle = bench.put(bias);
      const output = fused.gelu(handle, biasHandle, form);
      expect(output.dtype).toBe('bfloat16');
      expectClose(bench.take(output), expected.output, 'output', bfloat16Tolerance);
      const gradients = fused.geluGradient(
        bench.put(direction, shape, 'bfloat16'),
        handle,
        biasHandle,
        form,
        true,
      );
      expectClose(bench.take(gradients.x), expected.gradients[0] ?? [], 'gradient', bfloat16Tolerance);
      expectClose(bench.take(gradients.bias), expected.gradients[1] ?? [], 'bias gradient', {
        absolute: 1e-5,
      });
    });
  }
});

describeKernels('SiLU · gate', ({ fused, composed }, bench) => {
  it.each(shapes.map((shape) => ({ shape })))('of $shape and its gradient', ({ shape }) => {
    const draw = new Draw(shape.length);
    const [gate, up, direction] = [draw.floats(shape, 3), draw.floats(shape, 3), draw.floats(shape)];
    const operands = [
      { values: gate, shape },
      { values: up, shape },
    ];
    const expected = reference(operands, direction, ([a, b]) =>
      ops.siluGate(a ?? expect.fail(), b ?? expect.fail()),
    );
    const gateHandle = bench.put(gate, shape);
    const upHandle = bench.put(up, shape);
    expectClose(bench.take(fused.siluGate(gateHandle, upHandle)), expected.output, 'output');
    const gradients = fused.siluGateGradient(bench.put(direction, shape), gateHandle, upHandle);
    expectClose(bench.take(gradients.gate), expected.gradients[0] ?? [], 'gradient of the gate');
    expectClose(bench.take(gradients.up), expected.gradients[1] ?? [], 'gradient of up');
  });

  it('of extremes is what TensorFlow gives, also in bfloat16', () => {
    const ones = extremes.map(() => 1);
    const operands = [extremes, ones].map((values) => ({ values, shape: [values.length] }));
    const expected = composedValues(composed, operands, ([a, b]) =>
      ops.siluGate(a ?? expect.fail(), b ?? expect.fail()),
    );
    expectClose(bench.take(fused.siluGate(bench.put(extremes), bench.put(ones))), expected, 'output');
    const half = fused.siluGate(
      bench.put(extremes, [extremes.length], 'bfloat16'),
      bench.put(ones, [ones.length], 'bfloat16'),
    );
    expectClose(bench.take(half), expected, 'bfloat16', bfloat16Tolerance);
  });

  it('refuses shapes that differ', () => {
    const [a, b] = [bench.put(new Float32Array(3)), bench.put(new Float32Array(4))];
    expect(() => fused.siluGate(a, b)).toThrow(/one shape/);
  });
});
