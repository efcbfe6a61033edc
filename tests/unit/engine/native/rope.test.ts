import { expect, it } from 'vitest';
import { Tensor } from '../../../../src-main/engine/autodiff/tensor.ts';
import { keep, scope } from '../../../../src-main/engine/autodiff/scope.ts';
import * as ops from '../../../../src-main/engine/ops/index.ts';
import { Draw, bfloat16Tolerance, describeKernels, expectClose, reference, rounded } from './kernels.ts';

const cases = [
  { batch: 1, heads: 1, time: 1, size: 2, tables: 1 },
  { batch: 2, heads: 3, time: 5, size: 8, tables: 1 },
  { batch: 2, heads: 3, time: 5, size: 6, tables: 2 },
  { batch: 1, heads: 4, time: 9, size: 64, tables: 1 },
  { batch: 3, heads: 2, time: 0, size: 4, tables: 1 },
];

describeKernels('rotary embedding', ({ fused, backend }, bench) => {
  const tablesOf = (rows: number, time: number, size: number, on = backend) => {
    const positions = Array.from({ length: rows }, (_, row) =>
      Array.from({ length: time }, (_, step) => step + row * 3),
    );
    return ops.ropeTables(on, positions, ops.inverseFrequencies(size, 10000));
  };
  /** `[batch, heads, time, size]` → `[batch, time, heads, size]`. */
  const timeFirst = (values: Float32Array, shape: readonly number[]): Float32Array =>
    scope(() => {
      const x = new Tensor(backend, backend.upload(values, shape, 'float32'));
      const turned = keep(ops.transpose(x, [0, 2, 1, 3]));
      const result = Float32Array.from(turned.values());
      turned.dispose();
      return { result };
    }).result;

  it.each(cases)('of $batch × $heads × $time × $size with $tables tables, and its gradient', (one) => {
    const { batch, heads, time, size, tables } = one;
    const shape = [batch, heads, time, size];
    const draw = new Draw(size);
    const [x, direction] = [draw.floats(shape), draw.floats(shape)];
    const expected = reference([{ values: x, shape }], direction, ([a], on) =>
      ops.rope(a ?? expect.fail(), tablesOf(tables, time, size, on)),
    );
    const { cos, sin } = tablesOf(tables, time, size);
    bench.hold(cos.handle);
    bench.hold(sin.handle);
    const turn = (values: Float32Array, backwards: boolean) =>
      bench.take(
        fused.rope(bench.put(values, shape), cos.handle, sin.handle, { backwards, layout: 'headsFirst' }),
      );
    expectClose(turn(x, false), expected.output, 'output');
    expectClose(turn(direction, true), expected.gradients[0] ?? [], 'gradient');

    const swapped = bench.put(timeFirst(x, shape), [batch, time, heads, size]);
    const options = { backwards: false, layout: 'timeFirst' } as const;
    const output = bench.take(fused.rope(swapped, cos.handle, sin.handle, options));
    expectClose(output, timeFirst(Float32Array.from(expected.output), shape), 'time first');
  });

  it('leaves what lies beyond the tables, and takes bfloat16', () => {
    const shape = [1, 2, 3, 10];
    const x = rounded(new Draw(1).floats(shape));
    const { cos, sin } = tablesOf(1, 3, 6);
    bench.hold(cos.handle);
    bench.hold(sin.handle);
    const expected = reference([{ values: x, shape }], null, ([a], on) => {
      const whole = a ?? expect.fail();
      const turned = ops.rope(ops.slice(whole, [0, 0, 0, 0], [-1, -1, -1, 6]), tablesOf(1, 3, 6, on));
      return ops.concat([turned, ops.slice(whole, [0, 0, 0, 6], [-1, -1, -1, 4])], 3);
    });
    const options = { backwards: false, layout: 'headsFirst' } as const;
    const float = fused.rope(bench.put(x, shape), cos.handle, sin.handle, options);
    expectClose(bench.take(float), expected.output, 'float32');
    const half = fused.rope(bench.put(x, shape, 'bfloat16'), cos.handle, sin.handle, options);
    expect(half.dtype).toBe('bfloat16');
    expectClose(bench.take(half), expected.output, 'bfloat16', bfloat16Tolerance);
  });
});
