import { expect, test } from 'vitest';
import { TensorFlowConstants } from '../../../../src-main/engine/backend/tensorflowConstants.ts';

test('constants are made once, told apart by shape, and the oldest go when there are too many', () => {
  let made = 0;
  const deleted: number[] = [];
  const constants = new TensorFlowConstants({
    createTensor: () => made++,
    deleteTensor: (id) => void deleted.push(id),
  });
  const forms = [
    constants.of(4),
    constants.of([4]),
    constants.of([4], [1, 1]),
    constants.of([]),
    constants.of([1, 2]),
  ];
  expect(new Set(forms).size).toBe(forms.length);
  expect(constants.of([1, 2])).toBe(forms[4]);
  for (let value = 100; made < 4096; value++) constants.of([value]);
  constants.forget();
  expect(deleted).toEqual([]);
  constants.of([1]);
  constants.of([2]);
  constants.forget();
  expect(deleted).toEqual([0, 1]);
  expect(constants.of(4)).toBe(4098);
});
