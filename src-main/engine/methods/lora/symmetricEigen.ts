/** Values and vectors of a symmetric matrix, in no particular order: `vectors[i]` belongs to `values[i]`. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: readonly Float64Array[];
}

const sweeps = 60;

/** Turns two vectors into each other by an angle. */
function rotate(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [a[index] ?? 0, b[index] ?? 0];
    a[index] = cosine * x - sine * y;
    b[index] = sine * x + cosine * y;
  }
}

/**
 * Eigenvalues of a symmetric matrix by Jacobi's rotations (Golub and Van Loan, Matrix Computations, §8.5), until nothing
 * is left beside the diagonal.
 * @param matrix its rows; they are overwritten
 */
export function symmetricEigen(matrix: readonly Float64Array[]): Eigen {
  const size = matrix.length;
  const vectors = Array.from({ length: size }, (_, index) =>
    Float64Array.from({ length: size }, (__, place) => (place === index ? 1 : 0)),
  );
  const at = (row: number, column: number) => matrix[row]?.[column] ?? 0;
  for (let sweep = 0, isDone = false; sweep < sweeps && !isDone; sweep++) {
    isDone = true;
    const negligible = 1e-15 * Math.max(...matrix.map((_, index) => Math.abs(at(index, index))));
    for (let p = 0; p < size - 1; p++) {
      for (let q = p + 1; q < size; q++) {
        const beside = at(p, q);
        if (Math.abs(beside) <= negligible) continue;
        isDone = false;
        const ratio = (at(q, q) - at(p, p)) / (2 * beside);
        const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(1, ratio));
        const cosine = 1 / Math.hypot(1, tangent);
        const sine = tangent * cosine;
        const [rowP, rowQ] = [matrix[p], matrix[q]];
        const [vectorP, vectorQ] = [vectors[p], vectors[q]];
        if (!rowP || !rowQ || !vectorP || !vectorQ) continue;
        rotate(rowP, rowQ, cosine, sine);
        for (const row of matrix) {
          const [x, y] = [row[p] ?? 0, row[q] ?? 0];
          row[p] = cosine * x - sine * y;
          row[q] = sine * x + cosine * y;
        }
        rotate(vectorP, vectorQ, cosine, sine);
      }
    }
  }
  return { values: Float64Array.from(matrix, (row, index) => row[index] ?? 0), vectors };
}
