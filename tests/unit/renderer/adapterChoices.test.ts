import { expect, test } from 'vitest';
import {
  addAdapter,
  isWeight,
  moveUp,
  removeAdapter,
  sameChoices,
  weighAdapter,
} from '../../../src-renderer/features/adapters/adapterChoices.ts';

const two = [
  { id: 'a', weight: 1 },
  { id: 'b', weight: 0.5 },
];

test('adapters are added on top, once, and taken off', () => {
  expect(addAdapter(two, 'c').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(addAdapter(two, 'a')).toEqual(two);
  expect(removeAdapter(two, 'a')).toEqual([{ id: 'b', weight: 0.5 }]);
});

test('weights change one adapter, within their range', () => {
  expect(weighAdapter(two, 'b', -2)).toEqual([
    { id: 'a', weight: 1 },
    { id: 'b', weight: -2 },
  ]);
  expect([-10, 0, 10].every(isWeight)).toBe(true);
  expect([11, NaN, '1', undefined].some(isWeight)).toBe(false);
});

test('an adapter moves up one place, the first one stays', () => {
  expect(moveUp(two, 'b').map(({ id }) => id)).toEqual(['b', 'a']);
  expect(moveUp(two, 'a')).toEqual(two);
  expect(sameChoices(two, [...two])).toBe(true);
  expect(sameChoices(two, moveUp(two, 'b'))).toBe(false);
});
