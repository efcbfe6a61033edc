import type { Tensor } from '../../autodiff/tensor.ts';
import { scope } from '../../autodiff/scope.ts';
import { namedStream, shuffledOrder } from '../../data/random.ts';
import { normalValues } from '../../initialValues.ts';
import { concat, filled, gatherRows, hadamard, multiply, scale, slice } from '../../ops/index.ts';

// A random projection of a few numbers onto many (https://proceedings.mlr.press/v28/le13.html), as intrinsic dimension
// uses it (https://arxiv.org/abs/1804.08838): u = H·G·Π·H·B·v, with Hadamard's H, a diagonal G of normal numbers, a
// permutation Π and a diagonal B of signs. Nothing of it needs to be stored but the seed.

/** The drawn parts of one projection, as numbers. */
export interface FastfoodValues {
  /** B, `[length of the padded v]`. */
  readonly signs: Float32Array;
  /** Π: where each of the numbers between the two transforms comes from, `[padded length]`. */
  readonly places: Int32Array;
  /** G, `[padded length]`. */
  readonly normals: Float32Array;
  /** Brings the result to about the length of v, whatever its size. */
  readonly factor: number;
}

function nextPowerOfTwo(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}

/**
 * Numbers of v that count: a power of two, at most the padded size of the result. Where v is padded with zeros beyond
 * it, H·B·v only repeats itself, so that nothing more has to be computed.
 */
export function innerLength(dimension: number, size: number): number {
  return Math.min(nextPowerOfTwo(dimension), nextPowerOfTwo(size));
}

/** 1 / √(L·ΣG²·D/L), which keeps ‖u‖ ≈ ‖v‖ for a result of D numbers. */
export function projectionFactor(normals: Float32Array, size: number): number {
  return 1 / Math.sqrt(size * normals.reduce((sum, value) => sum + value * value, 0));
}

/**
 * @param dimension numbers in v
 * @param size numbers in the result
 */
export function drawFastfood(seed: number, name: string, dimension: number, size: number): FastfoodValues {
  const inner = innerLength(dimension, size);
  const length = nextPowerOfTwo(size);
  const signStream = namedStream(seed, `${name} signs`);
  const normals = normalValues(seed, `${name} normals`, length, 1);
  const order = shuffledOrder(length, namedStream(seed, `${name} order`));
  return {
    signs: Float32Array.from({ length: inner }, (_, index) => (signStream.uniform(index) < 0.5 ? -1 : 1)),
    places: Int32Array.from(order, (place) => place % inner),
    normals,
    factor: projectionFactor(normals, size),
  };
}

/** The drawn parts as tensors. */
export interface Fastfood {
  readonly signs: Tensor;
  readonly places: Tensor;
  readonly normals: Tensor;
  readonly factor: number;
}

/** v `[dimension]`, shortened or with zeros behind it, → `[length]`. */
function fit(v: Tensor, length: number): Tensor {
  if (v.size >= length) return slice(v, [0], [length]);
  return concat([v, filled(v.backend, [length - v.size], 0)], 0);
}

/** v `[dimension]` → `[size]`. */
export function project(v: Tensor, { signs, places, normals, factor }: Fastfood, size: number): Tensor {
  return scope(() => {
    const inner = hadamard(multiply(fit(v, signs.size), signs));
    const mixed = hadamard(multiply(gatherRows(inner, places), normals));
    return scale(slice(mixed, [0], [size]), factor);
  });
}
