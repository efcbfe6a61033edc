import { expect } from 'vitest';

// Tolerances for float32 on small models: several times the noise of torch's own float32 against float64.

/** Largest distance between two lists of numbers. */
export function largestGap(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let gap = 0;
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(Number(found[index]) - Number(expected[index]));
    gap = Number.isNaN(difference) ? Infinity : Math.max(gap, difference);
  }
  return gap;
}

function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((found, value) => Math.max(found, Math.abs(value)), 0);
}

/** Logits: 1e-5 of the largest one. */
export function expectLogits(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(largestGap(found, expected), what).toBeLessThanOrEqual(1e-5 * largest(expected));
}

/** A gradient: 1e-5 of its norm, and 1e-7 for those that are zero in exact arithmetic. */
export function expectGradient(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  const difference = Array.from(expected, (value, index) => Number(found[index]) - value);
  expect(found.length, what).toBe(expected.length);
  expect(norm(difference), what).toBeLessThanOrEqual(
    1e-5 * norm(expected) + 1e-7 * Math.sqrt(expected.length),
  );
}

/**
 * Weights after updates: 1e-6 for the first, a quarter more for each further one, whose gradient already comes from
 * rounded weights. Adam divides a gradient by its own size, so where one came near
 * rounding noise (1e-6) only the step's length, the learning rate, is known.
 * @param smallest of each element's gradients so far, by size
 */
export function expectWeights(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  smallest: ArrayLike<number>,
  limits: { readonly updates: number; readonly learningRate: number },
  what: string,
): void {
  const isNoise = (index: number) => Number(smallest[index]) <= 1e-6;
  const places = Array.from(expected, (_, index) => index);
  const pick = (values: ArrayLike<number>, indices: readonly number[]) =>
    indices.map((index) => Number(values[index]));
  const clear = places.filter((index) => !isNoise(index));
  const noisy = places.filter(isNoise);
  const { updates, learningRate } = limits;
  expect(found.length, what).toBe(expected.length);
  expect(largestGap(pick(found, clear), pick(expected, clear)), what).toBeLessThanOrEqual(
    1e-6 * (1.25 * updates - 0.25),
  );
  expect(largestGap(pick(found, noisy), pick(expected, noisy)), what).toBeLessThanOrEqual(
    2 * learningRate * updates,
  );
}
