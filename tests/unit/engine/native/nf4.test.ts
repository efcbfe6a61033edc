import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Nf4Handles } from '../../../../src-main/engine/backend/fused.ts';
import { sizeOf } from '../../../../src-main/engine/backend/shapes.ts';
import { nf4Weights } from '../nf4Weights.ts';
import { Draw, describeKernels, expectClose, rounded } from './kernels.ts';

const recorded = z
  .object({
    cases: z.array(
      z.object({
        size: z.number(),
        codesSha256: z.string(),
        scales: z.string(),
        nestedScales: z.string(),
        offset: z.string(),
        restoredSha256: z.string(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../../reference/recorded/nf4.json'), 'utf8')));

const levels = [
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
  -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
  0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
].map(Math.fround);

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const floatsOf = (base64: string): Float32Array => new Float32Array(bytesOf(base64).buffer);
const hashOf = (values: Float32Array | Uint8Array): string =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

describeKernels('NF4', ({ fused }, bench) => {
  const hold = (quantized: Nf4Handles): Nf4Handles => {
    for (const handle of [quantized.codes, quantized.scales, quantized.nestedScales, quantized.offset])
      bench.hold(handle);
    return quantized;
  };

  it.each(recorded.cases)('stores $size weights as bitsandbytes does, byte for byte', (one) => {
    const quantized = hold(fused.quantizeNf4(bench.put(nf4Weights(one.size))));
    expect(hashOf(Uint8Array.from(bench.take(quantized.codes)))).toBe(one.codesSha256);
    expect(Uint8Array.from(bench.take(quantized.scales))).toEqual(bytesOf(one.scales));
    expect(bench.take(quantized.nestedScales)).toEqual(floatsOf(one.nestedScales));
    expect(bench.take(quantized.offset)).toEqual(floatsOf(one.offset));
  });

  it.each(recorded.cases)('restores $size weights that bitsandbytes stored, bit for bit', (one) => {
    const quantized = {
      codes: hold(fused.quantizeNf4(bench.put(nf4Weights(one.size)))).codes,
      scales: bench.put(bytesOf(one.scales)),
      nestedScales: bench.put(floatsOf(one.nestedScales)),
      offset: bench.put(floatsOf(one.offset), []),
    };
    const restored = bench.take(fused.dequantizeNf4(quantized, [1, one.size], 'float32'));
    expect(hashOf(restored)).toBe(one.restoredSha256);
    const half = fused.dequantizeNf4(quantized, [one.size], 'bfloat16');
    expect(half.dtype).toBe('bfloat16');
    expect(bench.take(half)).toEqual(rounded(restored));
  });

  it.each([0, 1, 2, 63, 64, 65, 1001])('takes the nearest level of each of %i weights', (size) => {
    const x = new Draw(size).floats(size);
    const quantized = hold(fused.quantizeNf4(bench.put(x)));
    const codes = bench.take(quantized.codes);
    expect(codes.length).toBe(Math.ceil(size / 2));
    for (let index = 0; index < size; index++) {
      const block = x.subarray(Math.floor(index / 64) * 64, Math.floor(index / 64) * 64 + 64);
      const largest = block.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const byte = codes[index >> 1] ?? 0;
      const code = index % 2 === 0 ? byte >> 4 : byte & 15;
      const distance = (level: number): number => Math.abs((x[index] ?? 0) / largest - level);
      const nearest = Math.min(...levels.map(distance));
      expect(distance(levels[code] ?? NaN)).toBeCloseTo(nearest, 6);
    }
    const restored = bench.take(fused.dequantizeNf4(quantized, [size], 'float32'));
    // Half of the widest gap between levels, and what the scale loses.
    expectClose(restored, x, 'restored', { relative: 0.02, absolute: 0.16 });
  });

  it.each([
    [1, 64, 1],
    [3, 128, 21],
    [16, 4096, 9],
    [0, 64, 5],
  ])('multiplies %i rows of %i with a matrix of %i outputs', (rows, depth, outputs) => {
    const draw = new Draw(3);
    const [x, bias] = [
      bench.put(draw.floats([rows, depth]), [rows, depth]),
      bench.put(draw.floats([outputs])),
    ];
    const weight = hold(fused.quantizeNf4(bench.put(draw.floats([outputs, depth]), [outputs, depth])));
    const whole = bench.hold(fused.dequantizeNf4(weight, [outputs, depth], 'float32'));
    const expected = bench.take(fused.narrowProduct(x, whole, bias, 'outIn'));
    const result = fused.narrowProductNf4(x, weight, outputs, bias);
    expect(result.shape).toEqual([rows, outputs]);
    expect(bench.take(result)).toEqual(expected);
  });

  it('refuses rows that are not whole blocks, and too many of them', () => {
    const weight = hold(fused.quantizeNf4(bench.put(new Float32Array(128))));
    const product = (...shape: number[]) =>
      fused.narrowProductNf4(bench.put(new Float32Array(sizeOf(shape)), shape), weight, 2, null);
    expect(() => product(1, 32)).toThrow(/whole blocks/);
    expect(() => product(17, 64)).toThrow(/too many rows/);
    expect(() => product(1, 128)).toThrow(/one byte for two/);
  });

  it('keeps zeros and takes bfloat16 weights', () => {
    const zeros = hold(fused.quantizeNf4(bench.put(new Float32Array(100))));
    expect(bench.take(fused.dequantizeNf4(zeros, [100], 'float32'))).toEqual(new Float32Array(100));
    const x = rounded(nf4Weights(200));
    const float = hold(fused.quantizeNf4(bench.put(x)));
    const half = hold(fused.quantizeNf4(bench.put(x, [200], 'bfloat16')));
    expect(bench.take(half.codes)).toEqual(bench.take(float.codes));
    expect(bench.take(half.scales)).toEqual(bench.take(float.scales));
  });

  it('refuses parts that do not fit', () => {
    const quantized = hold(fused.quantizeNf4(bench.put(new Float32Array(128))));
    expect(() => fused.dequantizeNf4(quantized, [64], 'float32')).toThrow(/one byte for two/);
  });
});

describeKernels('conversion', ({ fused, composed }, bench) => {
  it.each([0, 1, 15, 16, 17, 50_000])('of %i numbers rounds as TensorFlow does', (size) => {
    const x = new Draw(size).floats(size, 1e3);
    x.set([NaN, Infinity, -Infinity, -0, 3.4e38, 1e-40].slice(0, size));
    const handle = bench.put(x);
    const half = fused.convert(handle, 'bfloat16');
    const cast = composed.cast(handle, 'bfloat16');
    const expected = bench.take(half);
    expect(composed.download(half)).toEqual(composed.download(cast));
    composed.release(cast);
    expect(bench.take(fused.convert(half, 'float32'))).toEqual(expected);
  });
});
