import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';

/** Largest Hadamard matrix that is multiplied with at once: larger ones are products of several. */
const largestFactor = 256;

const matrices = new Map<number, Float32Array>();

/** H of Walsh and Hadamard, `[size, size]`, size a power of two: entry (i, j) is −1 to the number of bits in i & j. */
function makeMatrix(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, place) => {
    let sign = 1;
    for (let bits = Math.floor(place / size) & (place % size); bits !== 0; bits &= bits - 1) sign = -sign;
    return sign;
  });
}

function matrix(backend: Backend, size: number): Tensor {
  const values = matrices.get(size) ?? makeMatrix(size);
  matrices.set(size, values);
  return new Tensor(backend, backend.upload(values, [size, size], 'float32'));
}

/** H·x, unrecorded. Each product transforms the last digit of the index and brings it to the front. */
function transform(x: Tensor): Tensor {
  const { backend, size } = x;
  return scope(() => {
    let current = x;
    for (let left = size; left > 1;) {
      const factor = Math.min(left, largestFactor);
      left /= factor;
      const rows = new Tensor(backend, backend.reshape(current.handle, [size / factor, factor]));
      const product = backend.matmul(matrix(backend, factor).handle, rows.handle, false, true);
      current = new Tensor(backend, product);
    }
    return new Tensor(backend, backend.reshape(current.handle, [size]));
  });
}

/**
 * H·x for x `[n]`, n a power of two, with the unnormalised Walsh–Hadamard matrix H of n rows, as a few matrix products:
 * n·256·log₂₅₆ n multiplications. H is its own transpose.
 */
export function hadamard(x: Tensor): Tensor {
  if (x.shape.length !== 1 || !Number.isInteger(Math.log2(x.size)))
    throw new Error(`A Hadamard transform needs 2ⁿ numbers, not a tensor of shape [${x.shape.join(', ')}].`);
  return differentiable(transform(x), [x], () => (gradient) => [transform(gradient)]);
}
