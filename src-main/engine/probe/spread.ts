import type { Backend, Handle } from '../backend/backend.ts';

/** Rows compared at once with all that are labelled. */
const rowsAtOnce = 1024;

function download(backend: Backend, handle: Handle): Float32Array {
  const values = backend.download(handle);
  backend.release(handle);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

function upload(backend: Backend, rows: readonly Float32Array[], width: number): Handle {
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, index) => values.set(row, index * width));
  return backend.upload(values, [rows.length, width], 'float32');
}

/** For each row, the cosine to the most similar of `centres`; −1 without any. */
function nearestCentre(
  backend: Backend,
  rows: readonly Float32Array[],
  centres: readonly Float32Array[],
): Float32Array {
  const nearest = new Float32Array(rows.length).fill(-1);
  const width = rows[0]?.length ?? 0;
  if (centres.length === 0) return nearest;
  const fixed = upload(backend, centres, width);
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const piece = upload(backend, rows.slice(from, from + rowsAtOnce), width);
    const cosines = backend.matmul(piece, fixed, false, true);
    const largest = download(backend, backend.reduce('maximum', cosines, [1], false));
    nearest.set(largest, from);
    for (const used of [piece, cosines]) backend.release(used);
  }
  backend.release(fixed);
  return nearest;
}

/**
 * Rows that cover what is not labelled yet: each is the one farthest from the labelled ones and from those chosen before it
 * (k-centre greedy; Sener, Savarese, https://arxiv.org/abs/1708.00489).
 * @param rows vectors of length 1
 * @returns indices of `count` rows at most
 */
export function chooseDifferent(
  backend: Backend,
  rows: readonly Float32Array[],
  labelled: readonly Float32Array[],
  count: number,
): number[] {
  if (rows.length === 0 || count === 0) return [];
  const width = rows[0]?.length ?? 0;
  const nearest = nearestCentre(backend, rows, labelled);
  const all = upload(backend, rows, width);
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, rows.length)) {
    let farthest = -1;
    nearest.forEach((cosine, row) => {
      if (farthest < 0 || cosine < (nearest[farthest] ?? 0)) farthest = row;
    });
    chosen.push(farthest);
    const centre = upload(backend, [rows[farthest] ?? new Float32Array(width)], width);
    const cosines = download(backend, backend.matmul(all, centre, false, true));
    backend.release(centre);
    cosines.forEach((cosine, row) => {
      if (cosine > (nearest[row] ?? 0)) nearest[row] = cosine;
    });
    // A row that was chosen is as near to itself as can be; rounding must not bring it back.
    nearest[farthest] = Infinity;
  }
  backend.release(all);
  return chosen;
}

/** The rows most similar to one, by cosine, the most similar first. */
export function findNearest(
  rows: readonly Float32Array[],
  to: Float32Array,
  count: number,
): { index: number; similarity: number }[] {
  return rows
    .map((row, index) => {
      let similarity = 0;
      for (let at = 0; at < to.length; at++) similarity += (row[at] ?? 0) * (to[at] ?? 0);
      return { index, similarity };
    })
    .sort((one, other) => other.similarity - one.similarity || one.index - other.index)
    .slice(0, count);
}
