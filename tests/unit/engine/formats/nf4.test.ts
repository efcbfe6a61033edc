import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { dynamicLevels, quantizeNf4 } from '../../../../src-main/engine/formats/nf4.ts';
import { nf4Weights } from '../nf4Weights.ts';

// Expected numbers: tests/reference/nf4.py (bitsandbytes).
const recorded = z
  .object({
    cases: z.array(
      z.object({
        size: z.number(),
        codesSha256: z.string(),
        scales: z.string(),
        nestedScales: z.string(),
        offset: z.string(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../../reference/recorded/nf4.json'), 'utf8')));

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const floatsOf = (base64: string): Float32Array => new Float32Array(bytesOf(base64).buffer);

it.each(recorded.cases)('stores $size weights as bitsandbytes does, byte for byte', (one) => {
  const found = quantizeNf4(nf4Weights(one.size));
  expect(createHash('sha256').update(found.codes).digest('hex')).toBe(one.codesSha256);
  expect(found.scales).toEqual(bytesOf(one.scales));
  expect(found.nestedScales).toEqual(floatsOf(one.nestedScales));
  expect(found.offset).toBe(floatsOf(one.offset)[0]);
});

it('knows the 256 levels of the dynamic code', () => {
  expect(dynamicLevels.length).toBe(256);
  expect(
    [...dynamicLevels].every((level, index) => index === 0 || level > Number(dynamicLevels[index - 1])),
  ).toBe(true);
  expect(dynamicLevels[0]).toBeCloseTo(-0.99297, 5);
  expect(dynamicLevels[127]).toBe(0);
  expect(dynamicLevels[255]).toBe(1);
});

it.each([0, 1, 63, 64, 65])('takes %i weights, and zeros', (size) => {
  const { codes, scales } = quantizeNf4(new Float32Array(size));
  expect([codes.length, scales.length]).toEqual([Math.ceil(size / 2), Math.ceil(size / 64)]);
  // Level 7 is the exact zero.
  expect([...codes].every((code, index) => code === (2 * index + 1 < size ? 0x77 : 0x70))).toBe(true);
});
