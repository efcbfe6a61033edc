import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import type { FusedOperations } from '../backend/fused.ts';
import { divide, multiply } from './arithmetic.ts';
import { convert } from './cast.ts';
import { filled } from './create.ts';
import { unrecorded, willRecord } from './unrecorded.ts';

/** Logits worked on at once where no gradient is kept: bounds the memory of evaluating large vocabularies. */
const chunkElements = 8_388_608;

/** Loss of each row, a chunk of rows at a time. */
function lossesOf(logits: Tensor, labels: Tensor): Tensor {
  const { backend } = logits;
  const [rows = 0, classes = 1] = logits.shape;
  const chunkRows = Math.max(1, Math.floor(chunkElements / classes));
  const parts: Tensor[] = [];
  for (let start = 0; start < rows; start += chunkRows) {
    const count = Math.min(chunkRows, rows - start);
    const part = scope(() => {
      const logitRows = new Tensor(backend, backend.slice(logits.handle, [start, 0], [count, classes]));
      const labelRows = new Tensor(backend, backend.slice(labels.handle, [start], [count]));
      return lossesAndGradient(convert(logitRows, 'float32'), labelRows).losses;
    });
    parts.push(part);
  }
  return new Tensor(
    backend,
    backend.concat(
      parts.map((part) => part.handle),
      0,
    ),
  );
}

function lossesAndGradient(logits: Tensor, labels: Tensor): { losses: Tensor; gradient: Tensor } {
  const { backend } = logits;
  const { losses, gradient } = backend.softmaxCrossEntropy(logits.handle, labels.handle);
  return { losses: new Tensor(backend, losses), gradient: new Tensor(backend, gradient) };
}

function sumOf(x: Tensor): Tensor {
  return new Tensor(x.backend, x.backend.reduce('sum', x.handle, [0], false));
}

/** Each row's share of the mean, `[rows]`. */
function sharesOf(rows: number, logits: Tensor, weights: Tensor | undefined): Tensor {
  return weights ? divide(weights, sumOf(weights)) : filled(logits.backend, [rows], 1 / rows);
}

/**
 * Mean over rows of −log softmax(logits)[label], a scalar, in float32. Nothing is ignored: callers select labelled rows
 * first.
 * @param logits `[rows, classes]`, at least one row
 * @param labels int32 `[rows]`, each in [0, classes)
 * @param weights `[rows]`, not differentiated: the mean becomes Σ weightᵢ·lossᵢ / Σ weightᵢ
 */
export function crossEntropy(logits: Tensor, labels: Tensor, weights?: Tensor): Tensor {
  const { fused } = logits.backend;
  const [rows = 0] = logits.shape;
  if (rows === 0 || logits.shape.length !== 2 || labels.size !== rows)
    throw new Error(
      `Cross-entropy needs logits [rows, classes] and one label a row, not [${logits.shape.join(', ')}] and ${labels.size}.`,
    );
  return fused
    ? fusedCrossEntropy(fused, logits, labels, weights ?? null)
    : composedCrossEntropy(logits, labels, weights);
}

/** −log softmax(logits)[label] of each row, `[rows]`, in float32; shapes as `crossEntropy`. Not differentiable. */
export function crossEntropyOfRows(logits: Tensor, labels: Tensor): Tensor {
  return unrecorded(() => lossesOf(logits, labels));
}

/** Saves the logits and one number a row. */
function fusedCrossEntropy(
  fused: FusedOperations,
  logits: Tensor,
  labels: Tensor,
  weights: Tensor | null,
): Tensor {
  const { loss, logSum } = fused.crossEntropy(logits.handle, labels.handle, weights && weights.handle);
  const sums = new Tensor(logits.backend, logSum);
  const result = differentiable(loss, [logits], (save) => {
    const [savedLogits, savedLabels, savedSums] = [save(logits), save(labels), save(sums)];
    const savedWeights = weights && save(weights);
    return (gradient) => {
      const direction = fused.crossEntropyGradient(
        gradient.handle,
        savedLogits.handle,
        savedLabels.handle,
        savedWeights && savedWeights.handle,
        savedSums.handle,
        false,
      );
      return [new Tensor(gradient.backend, direction)];
    };
  });
  sums.dispose();
  return result;
}

/** Saves softmax − one-hot, `[rows, classes]`. */
function composedCrossEntropy(logits: Tensor, labels: Tensor, weights: Tensor | undefined): Tensor {
  const { backend, dtype } = logits;
  const [rows = 0] = logits.shape;
  const wantsGradient = willRecord(logits);
  const { loss, shares, direction } = unrecorded(() => {
    const share = sharesOf(rows, logits, weights);
    const whole = wantsGradient ? lossesAndGradient(convert(logits, 'float32'), labels) : null;
    const losses = whole ? whole.losses : lossesOf(logits, labels);
    return { loss: sumOf(multiply(losses, share)), shares: share, direction: whole && whole.gradient };
  });
  const result = differentiable(loss, [logits], (save) => {
    const savedShares = save(shares);
    const savedDirection = direction && save(direction);
    return (gradient) => {
      if (!savedDirection) return [null];
      const factors = multiply(savedShares, gradient);
      const column = new Tensor(backend, backend.reshape(factors.handle, [rows, 1]));
      return [convert(multiply(savedDirection, column), dtype)];
    };
  });
  shares.dispose();
  direction?.dispose();
  return result;
}
