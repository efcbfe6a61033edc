import { describe, expect, it } from 'vitest';
import {
  expandHalves,
  fromBfloat16,
  fromFloat16,
  packHalves,
  toBfloat16,
  toFloat16,
} from '../../../../src-main/engine/backend/halfFloats.ts';

const types = [
  ['bfloat16', toBfloat16, fromBfloat16],
  ['float16', toFloat16, fromFloat16],
] as const;

describe.each(types)('%s', (dtype, pack, expand) => {
  it('gives every pattern back', () => {
    for (let pattern = 0; pattern < 0x10000; pattern++) {
      const value = expand(pattern);
      if (Number.isNaN(value)) expect(expand(pack(value))).toBeNaN();
      else if (pack(value) !== pattern) expect.fail(`${pattern} became ${pack(value)}`);
    }
  });

  it('rounds to the nearest, ties to the even pattern', () => {
    for (let pattern = 0; pattern < 0x7bff; pattern += 7) {
      const [low, high] = [expand(pattern), expand(pattern + 1)];
      if (!Number.isFinite(high)) continue;
      const middle = (low + high) / 2;
      // Below the smallest normal float32 the middle of two bfloat16 values is exact only in double precision.
      if (Math.fround(middle) !== middle) continue;
      expect(pack(middle)).toBe(pattern % 2 === 0 ? pattern : pattern + 1);
      expect(pack(low + (high - low) * 0.25)).toBe(pattern);
      expect(pack(low + (high - low) * 0.75)).toBe(pattern + 1);
      expect(expand(pack(-middle))).toBe(-expand(pack(middle)));
    }
  });

  it('converts arrays', () => {
    const values = Float32Array.of(0, -0, 1, -2.5, 1e-3, Infinity);
    const patterns = packHalves(values, dtype);
    expect(Array.from(patterns)).toEqual(Array.from(values, pack));
    expect(Array.from(expandHalves(patterns, dtype))).toEqual(Array.from(patterns, expand));
  });
});

it('gives infinity where float16 ends', () => {
  expect(fromFloat16(toFloat16(65519))).toBe(65504);
  expect(fromFloat16(toFloat16(65520))).toBe(Infinity);
  expect(fromFloat16(toFloat16(-1e9))).toBe(-Infinity);
});
