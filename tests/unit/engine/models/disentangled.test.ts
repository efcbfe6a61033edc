import { expect, it } from 'vitest';
import { bucketOf } from '../../../../src-main/engine/models/disentangled.ts';

it('puts distances into the buckets that transformers puts them into', () => {
  // make_log_bucket_position of transformers' DeBERTa, 256 buckets for 512 positions.
  const distances = [0, 5, -127, 128, 129, -140, 200, -300, 450, 511];
  expect(distances.map((distance) => bucketOf(distance, 256, 512))).toEqual([
    0, 5, -127, 128, 129, -137, 169, -207, 244, 255,
  ]);
  expect(bucketOf(-300, 0, 512)).toBe(-300);
});
