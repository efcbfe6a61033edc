import { scope } from '../../autodiff/scope.ts';
import type { Tensor } from '../../autodiff/tensor.ts';
import { normalValues } from '../../initialValues.ts';
import { fromValues, matmul } from '../../ops/index.ts';
import { symmetricEigen } from './symmetricEigen.ts';

// The largest singular values and their vectors from a block Krylov space, begun anew from its best vectors until these
// stand still (https://arxiv.org/abs/1504.05477): products on the backend, everything narrow in 64 bits here.

/** M ≈ left · diag(values) · right, the values falling. */
export interface Components {
  /** `[rows, rank]`, row by row. */
  readonly left: Float64Array;
  readonly values: Float64Array;
  /** `[rank, columns]`, row by row. */
  readonly right: Float64Array;
}

/** Directions followed besides those wanted. */
const spare = 8;
/** Blocks of a Krylov space. */
const depth = 4;
const restarts = 6;
/** Part of a vector that may still turn: products are of 32 bits. */
const stillness = 1e-5;

/** Vectors of one length, each contiguous. */
type Vectors = Float64Array[];

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

/** a ← a + factor · b */
function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  for (let index = 0; index < a.length; index++) a[index] = (a[index] ?? 0) + factor * (b[index] ?? 0);
}

/** Makes vectors orthonormal to a basis and to each other (Gram–Schmidt, twice), leaving out those that depend on others. */
function orthonormalize(vectors: Vectors, basis: Vectors = []): Vectors {
  const found: Vectors = [];
  for (const vector of vectors) {
    const before = Math.sqrt(dot(vector, vector));
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of [...basis, ...found]) addScaled(vector, earlier, -dot(earlier, vector));
    }
    const length = Math.sqrt(dot(vector, vector));
    if (length > 1e-12 * before) found.push(vector.map((value) => value / length));
  }
  return found;
}

/** M · each vector, or Mᵀ · each. */
function multiplyAll(matrix: Tensor, vectors: Vectors, transposed: boolean): Vectors {
  const [first] = vectors;
  const width = first?.length ?? 0;
  const size = matrix.shape[transposed ? 1 : 0] ?? 0;
  let values = new Float32Array();
  scope(() => {
    const packed = new Float32Array(vectors.length * width);
    vectors.forEach((vector, index) => packed.set(vector, index * width));
    const rows = fromValues(matrix.backend, packed, [vectors.length, width], 'float32');
    values = Float32Array.from(matmul(rows, matrix, { transposeB: !transposed }).values());
  });
  return vectors.map((_, index) => Float64Array.from(values.subarray(index * size, (index + 1) * size)));
}

/** Σ weights[i] · vectors[i] */
function combine(vectors: Vectors, weights: Float64Array): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  vectors.forEach((vector, index) => addScaled(sum, vector, weights[index] ?? 0));
  return sum;
}

/** Unit vectors on the left, and M turned by them: orthogonal, of the singular values' lengths, which fall. */
interface Ritz {
  readonly left: Vectors;
  readonly image: Vectors;
}

/** The best approximations of singular vectors in the Krylov space of a block of orthonormal vectors. */
function project(matrix: Tensor, block: Vectors, count: number): Ritz {
  const basis: Vectors = [];
  const image: Vectors = [];
  let next = block;
  for (let level = 0; level < depth && next.length > 0; level++) {
    const turned = multiplyAll(matrix, next, true);
    basis.push(...next);
    image.push(...turned);
    if (level < depth - 1) next = orthonormalize(multiplyAll(matrix, turned, false), basis);
  }
  const gram = image.map((a) => Float64Array.from(image, (b) => dot(a, b)));
  const { values, vectors } = symmetricEigen(gram);
  const best = Array.from(values.keys())
    .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
    .slice(0, count)
    .flatMap((index) => vectors[index] ?? []);
  return {
    left: best.map((weights) => combine(basis, weights)),
    image: best.map((weights) => combine(image, weights)),
  };
}

/** How far the first vectors reach out of the space of others: the largest of these parts. */
function turned(vectors: Vectors, others: Vectors): number {
  const parts = vectors.map((vector) => {
    const rest = vector.slice();
    for (const other of others) addScaled(rest, other, -dot(other, vector));
    return Math.sqrt(dot(rest, rest));
  });
  return Math.max(...parts);
}

/**
 * The `rank` largest singular values of a matrix and their vectors.
 * @param matrix float32 `[rows, columns]`
 * @param rank at most its smaller side
 */
export function principalComponents(matrix: Tensor, rank: number): Components {
  const [rows = 0, columns = 0] = matrix.shape;
  const width = Math.min(rank + spare, rows, columns);
  const numbers = normalValues(0, 'principalComponents', width * columns, 1);
  const random = Array.from({ length: width }, (_, index) =>
    Float64Array.from(numbers.subarray(index * columns, (index + 1) * columns)),
  );
  let found = project(matrix, orthonormalize(multiplyAll(matrix, random, false)), width);
  for (let restart = 0; restart < restarts; restart++) {
    const before = found.left;
    found = project(matrix, orthonormalize(before.map((vector) => vector.slice())), width);
    if (turned(found.left.slice(0, rank), before.slice(0, rank)) < stillness) break;
  }
  const result: Components = {
    left: new Float64Array(rows * rank),
    values: new Float64Array(rank),
    right: new Float64Array(rank * columns),
  };
  for (let place = 0; place < rank; place++) {
    const left = found.left[place];
    const image = found.image[place];
    if (!left || !image) continue;
    const value = Math.sqrt(dot(image, image));
    result.values[place] = value;
    left.forEach((one, row) => (result.left[row * rank + place] = one));
    if (value > 0)
      result.right.set(
        image.map((one) => one / value),
        place * columns,
      );
  }
  return result;
}
