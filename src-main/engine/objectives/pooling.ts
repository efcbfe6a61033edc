import { scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { ModelBatch } from '../models/model.ts';
import { textStarts } from '../models/sight.ts';
import {
  addScalar,
  divide,
  fromValues,
  gatherRows,
  indicesFrom,
  matmul,
  reshape,
  sqrt,
  square,
  sum,
} from '../ops/index.ts';

/** Which tokens stand for a whole text: their mean, the first one, or the last one. */
export type Pooling = 'mean' | 'first' | 'last';

/** The mean over each text's own tokens: `[rows, time, width]`, one text a row or all in one → `[texts, width]`. */
function meanOfTokens(hidden: Tensor, batch: ModelBatch): Tensor {
  const [rows = 0, time = 0, width = 0] = hidden.shape;
  const { lengths } = batch;
  const perRow = lengths.length / rows;
  const shares = new Float32Array(lengths.length * time);
  textStarts(batch, time).forEach((start, text) => {
    const length = Math.max(1, lengths[text] ?? 0);
    const from = text * time + (start % time);
    shares.fill(1 / length, from, from + length);
  });
  const weights = fromValues(hidden.backend, shares, [rows, perRow, time], 'float32');
  return reshape(matmul(weights, hidden), [lengths.length, width]);
}

/** One vector for each text of a batch: hidden states `[batch, time, width]`, or packed, → `[texts, width]`. */
export function poolTokens(hidden: Tensor, batch: ModelBatch, pooling: Pooling): Tensor {
  return scope(() => {
    if (pooling === 'mean') return meanOfTokens(hidden, batch);
    const [rows = 0, time = 0, width = 0] = hidden.shape;
    const starts = textStarts(batch, time);
    const places =
      pooling === 'first'
        ? starts
        : starts.map((start, text) => start + Math.max(1, batch.lengths[text] ?? 1) - 1);
    return gatherRows(reshape(hidden, [rows * time, width]), indicesFrom(hidden.backend, places));
  });
}

/** Rows `[rows, width]` of length 1; a row of zeros stays one. */
export function normalizeRows(x: Tensor): Tensor {
  return scope(() => divide(x, sqrt(addScalar(sum(square(x), [1], true), 1e-24))));
}
