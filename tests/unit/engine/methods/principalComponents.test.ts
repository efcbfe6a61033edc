import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { normalValues } from '../../../../src-main/engine/initialValues.ts';
import {
  type Components,
  principalComponents,
} from '../../../../src-main/engine/methods/lora/principalComponents.ts';
import { symmetricEigen } from '../../../../src-main/engine/methods/lora/symmetricEigen.ts';
import { fromValues } from '../../../../src-main/engine/ops/index.ts';
import { loadTestBackend } from '../testBackend.ts';

let backend: Backend;
let handles: number;
beforeAll(async () => {
  backend = await loadTestBackend();
  handles = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handles));

function componentsOf(values: Float32Array, rows: number, columns: number, rank: number): Components {
  const found: Components[] = [];
  scope(() => {
    found.push(principalComponents(fromValues(backend, values, [rows, columns], 'float32'), rank));
  });
  return found[0] ?? expect.fail();
}

/** Singular values from the whole of MᵀM. */
function allValues(values: Float32Array, rows: number, columns: number): number[] {
  const gram = Array.from({ length: columns }, (_, i) =>
    Float64Array.from({ length: columns }, (__, j) => {
      let sum = 0;
      for (let row = 0; row < rows; row++)
        sum += Number(values[row * columns + i]) * Number(values[row * columns + j]);
      return sum;
    }),
  );
  return Array.from(symmetricEigen(gram).values, (value) => Math.sqrt(Math.max(value, 0))).sort(
    (a, b) => b - a,
  );
}

describe('symmetricEigen', () => {
  it('takes a matrix apart into orthonormal vectors and values', () => {
    const size = 7;
    const noise = normalValues(1, 'symmetric', size * size, 1);
    const at = (i: number, j: number) => Number(noise[i * size + j]) + Number(noise[j * size + i]);
    const rows = Array.from({ length: size }, (_, i) =>
      Float64Array.from({ length: size }, (__, j) => at(i, j)),
    );
    const { values, vectors } = symmetricEigen(rows);
    const sum = (term: (k: number) => number) =>
      Array.from({ length: size }, (_, k) => term(k)).reduce((total, one) => total + one, 0);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const product = sum((k) => Number(vectors[i]?.[k]) * Number(vectors[j]?.[k]));
        expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
        const rebuilt = sum((k) => Number(values[k]) * Number(vectors[k]?.[i]) * Number(vectors[k]?.[j]));
        expect(rebuilt).toBeCloseTo(at(i, j), 12);
      }
    }
  });
});

describe('principalComponents', () => {
  it.each([
    [96, 32, 4],
    [20, 70, 5],
    [60, 60, 8],
    [6, 9, 6],
  ])('finds the largest of a %i × %i matrix: %i of them', (rows, columns, rank) => {
    const values = normalValues(2, 'matrix', rows * columns, 1);
    const { left, values: found, right } = componentsOf(values, rows, columns, rank);
    const expected = allValues(values, rows, columns);
    found.forEach((value, index) => expect(value / Number(expected[index])).toBeCloseTo(1, 6));
    // What is left over has exactly the other values: M minus the product is as small as can be.
    let rest = 0;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = Number(values[row * columns + column]);
        for (let k = 0; k < rank; k++)
          sum -= Number(left[row * rank + k]) * Number(found[k]) * Number(right[k * columns + column]);
        rest += sum * sum;
      }
    }
    const smallest = expected.slice(rank).reduce((sum, value) => sum + value * value, 0);
    expect(rest).toBeLessThan(smallest * (1 + 1e-6) + 1e-6);
  });

  it('gives zeros where a matrix has fewer directions', () => {
    const values = Float32Array.from({ length: 48 }, (_, index) => (index % 6) + 1);
    const { values: found } = componentsOf(values, 8, 6, 3);
    expect(found[0]).toBeCloseTo(Math.sqrt(8 * 91), 4);
    expect(found[1]).toBeLessThan(1e-4);
    expect(found[2]).toBeLessThan(1e-4);
  });
});
