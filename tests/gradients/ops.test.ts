import { beforeAll, describe, expect, it } from 'vitest';
import { scope } from '../../src-main/engine/autodiff/scope.ts';
import { backpropagate, withoutGradient } from '../../src-main/engine/autodiff/tape.ts';
import { Parameter, Tensor } from '../../src-main/engine/autodiff/tensor.ts';
import type { Backend, Shape } from '../../src-main/engine/backend/backend.ts';
import { sizeOf } from '../../src-main/engine/backend/shapes.ts';
import * as ops from '../../src-main/engine/ops/index.ts';
import { hasKernels, openBackend, testedKinds } from '../unit/engine/backend/testBackends.ts';
import { Float64Backend } from './float64Backend.ts';
import { type Case, type Draw, differentiableOperations, withoutGradients } from './table.ts';

const casesPerOperation = 8;

function makeDraw(seed: number): Draw {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    integer,
    size: () => 1 + integer(6),
    number: () => (next() + next() + next() + next() - 2) * 1.7,
  };
}

/** Values that float32 holds exactly, so that every backend gets the same. */
function valuesFor({ shapes, place }: Case, draw: Draw): Float32Array[] {
  return shapes.map((shape) =>
    Float32Array.from({ length: sizeOf(shape) }, () => {
      const value = draw.number();
      return place ? place(value) : value;
    }),
  );
}

interface Outcome {
  readonly output: Float32Array | Float64Array;
  readonly shape: Shape;
  readonly gradients: readonly (Float32Array | Float64Array | null)[];
}

function read(backend: Backend, tensor: Tensor): Float32Array | Float64Array {
  if (backend instanceof Float64Backend) return backend.exact(tensor.handle);
  return Float32Array.from(tensor.values());
}

/** A fixed direction: the loss is its product with the output, so that each element counts differently. */
const direction = (index: number): number => Math.fround(Math.sin(index * 2.3 + 1));

function outcome(
  backend: Backend,
  test: Case,
  values: readonly Float32Array[],
  trained: readonly boolean[],
): Outcome {
  const before = backend.liveHandles;
  const parameters = values.map((data, index) => {
    const tensor = new Tensor(backend, backend.upload(data, test.shapes[index] ?? [], 'float32'));
    const parameter = new Parameter(`input${index}`, tensor);
    parameter.trainable = trained[index] ?? false;
    return parameter;
  });
  let output: Outcome['output'] = new Float32Array();
  let shape: Shape = [];
  backpropagate(parameters, () => {
    const result = test.run(
      parameters.map((parameter) => parameter.value),
      backend,
    );
    output = read(backend, result);
    shape = result.shape;
    const weights = Float32Array.from({ length: result.size }, (_, index) => direction(index));
    return ops.sum(ops.multiply(result, ops.fromValues(backend, weights, shape, 'float32')));
  });
  const gradients = parameters.map(({ gradient }) => gradient && read(backend, gradient));
  const shapes = parameters.map(({ gradient }) => gradient?.shape);
  for (const parameter of parameters) parameter.dispose();
  expect(backend.liveHandles - before, 'handles left behind').toBe(0);
  shapes.forEach((gradientShape, index) => {
    if (gradientShape) expect(gradientShape).toEqual(test.shapes[index]);
  });
  return { output, shape, gradients };
}

/** Derivative of the loss by each element of an input: fourth-order central differences in float64. */
function differences(
  backend: Float64Backend,
  test: Case,
  values: readonly Float32Array[],
  which: number,
): number[] {
  const lossAt = (element: number, step: number): number =>
    withoutGradient(() => {
      let loss = 0;
      scope(() => {
        const inputs = values.map((data, index) => {
          const exact = Float64Array.from(data);
          if (index === which) exact[element] = (exact[element] ?? 0) + step;
          return new Tensor(backend, backend.uploadExact(exact, test.shapes[index] ?? []));
        });
        const result = test.run(inputs, backend);
        loss = backend.exact(result.handle).reduce((sum, value, index) => sum + value * direction(index), 0);
      });
      return loss;
    });
  const step = 1e-3;
  return Array.from({ length: values[which]?.length ?? 0 }, (_, element) => {
    const near = lossAt(element, step) - lossAt(element, -step);
    const far = lossAt(element, 2 * step) - lossAt(element, -2 * step);
    return (8 * near - far) / (12 * step);
  });
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(actual.length, what).toBe(expected.length);
  const allowed = tolerance * Math.max(1, largest(expected));
  for (let index = 0; index < actual.length; index++) {
    const [value, reference] = [actual[index] ?? NaN, expected[index] ?? NaN];
    if (!(Math.abs(value - reference) <= allowed))
      throw new Error(`${what}, element ${index}: ${value} instead of ${reference} (± ${allowed}).`);
  }
}

interface Prepared {
  readonly test: Case;
  readonly values: readonly Float32Array[];
  readonly all: readonly boolean[];
}

function prepare(name: string, makeCase: (draw: Draw) => Case): Prepared[] {
  return Array.from({ length: casesPerOperation }, (_, index) => {
    const draw = makeDraw(index * 7919 + name.length * 104729 + name.charCodeAt(0));
    const test = makeCase(draw);
    return { test, values: valuesFor(test, draw), all: test.shapes.map(() => true) };
  });
}

const table = Object.entries(differentiableOperations).map(
  ([name, makeCase]) => [name, prepare(name, makeCase)] as const,
);
const reference = new Float64Backend();

it('has a row for every exported operation', () => {
  const known = new Set<string>([...Object.keys(differentiableOperations), ...withoutGradients]);
  expect(Object.keys(ops).filter((name) => !known.has(name))).toEqual([]);
});

describe('gradients in float64 against finite differences', () => {
  it.each(table)('%s', (_, cases) => {
    for (const { test, values, all } of cases) {
      const { gradients } = outcome(reference, test, values, all);
      gradients.forEach((gradient, index) => {
        expectClose(gradient ?? [], differences(reference, test, values, index), 1e-6, `gradient ${index}`);
      });
    }
  });
});

describe('each gradient alone', () => {
  it.each(table)('%s', (_, cases) => {
    for (const { test, values, all } of cases) {
      const together = outcome(reference, test, values, all);
      all.forEach((_, wanted) => {
        const alone = outcome(
          reference,
          test,
          values,
          all.map((_, index) => index === wanted),
        );
        alone.gradients.forEach((gradient, index) => {
          if (index === wanted)
            expectClose(gradient ?? [], together.gradients[index] ?? [], 1e-12, `gradient ${index}`);
          else expect(gradient).toBeNull();
        });
      });
    }
  });
});

const kinds = hasKernels ? (['fused', ...testedKinds] as const) : testedKinds;

describe.each(kinds)('values and gradients on the %s backend', (kind) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(kind);
  });

  it.each(table)('%s', (_, cases) => {
    for (const { test, values, all } of cases) {
      const actual = outcome(backend, test, values, all);
      const expected = outcome(reference, test, values, all);
      expect(actual.shape).toEqual(expected.shape);
      expectClose(actual.output, expected.output, 2e-6, 'output');
      actual.gradients.forEach((gradient, index) => {
        expectClose(gradient ?? [], expected.gradients[index] ?? [], 1e-5, `gradient ${index}`);
      });
    }
  });
});
