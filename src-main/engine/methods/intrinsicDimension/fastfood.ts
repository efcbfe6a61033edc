import type { Tensor } from '../../autodiff/tensor.ts';
import { scope } from '../../autodiff/scope.ts';
import type { Backend } from '../../backend/backend.ts';
import { hashName } from '../../data/random.ts';
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

/** Uniform numbers in [0, 1) by name: millions of them are drawn by the backend, where it is fast. */
function drawUniform(backend: Backend, seed: number, name: string, length: number): Float32Array {
  const handle = backend.randomUniform([length], seed, hashName(name));
  try {
    return Float32Array.from(backend.download(handle));
  } finally {
    backend.release(handle);
  }
}

/** Normally distributed numbers, an even number of them, by Box and Muller's method. */
function drawNormals(backend: Backend, seed: number, name: string, length: number): Float32Array {
  const uniform = drawUniform(backend, seed, name, length);
  for (let place = 0; place + 1 < length; place += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - (uniform[place] ?? 0)));
    const angle = 2 * Math.PI * (uniform[place + 1] ?? 0);
    uniform[place] = radius * Math.cos(angle);
    uniform[place + 1] = radius * Math.sin(angle);
  }
  return uniform;
}

/** A permutation (Fisher–Yates). */
function drawOrder(backend: Backend, seed: number, name: string, length: number): Int32Array {
  const uniform = drawUniform(backend, seed, name, length);
  const order = Int32Array.from({ length }, (_, place) => place);
  for (let last = length - 1; last > 0; last--) {
    const other = Math.floor((uniform[last] ?? 0) * (last + 1));
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}

/**
 * @param dimension numbers in v
 * @param size numbers in the result
 */
export function drawFastfood(
  backend: Backend,
  seed: number,
  name: string,
  dimension: number,
  size: number,
): FastfoodValues {
  const inner = innerLength(dimension, size);
  const length = nextPowerOfTwo(size);
  const signs = drawUniform(backend, seed, `${name} signs`, inner);
  const normals = drawNormals(backend, seed, `${name} normals`, Math.max(2, length)).subarray(0, length);
  const order = drawOrder(backend, seed, `${name} order`, length);
  return {
    signs: signs.map((number) => (number < 0.5 ? -1 : 1)),
    places: order.map((place) => place % inner),
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
