import type { Backend, Handle } from '../backend/backend.ts';
import { minimize } from './lbfgs.ts';

/** Rows of features `[rows, width]` with a constant 1 behind each: the weight of that is the class's bias. */
export interface ProbeRows {
  readonly handle: Handle;
  readonly rows: number;
  readonly width: number;
}

export interface ProbeOptions {
  /** How much the losses count against the size of the weights; scikit-learn's C. */
  readonly strength: number;
  readonly maximumSteps: number;
}

/** Chosen on Banking77 and MiniLM: docs/labelling.md has the figures. */
export const usualProbe: ProbeOptions = { strength: 10, maximumSteps: 60 };
const gradientTolerance = 1e-3;

/** Uploads rows of one width; the caller releases `handle`. */
export function uploadRows(backend: Backend, rows: readonly Float32Array[]): ProbeRows {
  const width = rows[0]?.length ?? 0;
  const values = new Float32Array(rows.length * (width + 1));
  rows.forEach((row, index) => {
    values.set(row, index * (width + 1));
    values[(index + 1) * (width + 1) - 1] = 1;
  });
  return { handle: backend.upload(values, [rows.length, width + 1], 'float32'), rows: rows.length, width };
}

/** Values of a handle in float32, which is released. */
function take(backend: Backend, handle: Handle): Float32Array {
  const values = backend.download(handle);
  backend.release(handle);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

/**
 * Multinomial logistic regression: the weights `[classes, width + 1]` with the smallest
 * `strength · Σ cross-entropy + ½ ‖weights without biases‖²`, found from zero, so the same rows give the same weights.
 * @param labels a class of each row
 */
export function fitProbe(
  backend: Backend,
  { handle, rows, width }: ProbeRows,
  labels: Int32Array,
  classes: number,
  { strength, maximumSteps }: ProbeOptions = usualProbe,
): Float64Array {
  const targets = backend.upload(labels, [rows], 'int32');
  try {
    return minimize(
      (place, gradient) => {
        const weights = backend.upload(Float32Array.from(place), [classes, width + 1], 'float32');
        const logits = backend.matmul(handle, weights, false, true);
        const { losses, gradient: wrong } = backend.softmaxCrossEntropy(logits, targets);
        const turn = take(backend, backend.matmul(wrong, handle, true, false));
        const loss = take(backend, losses).reduce((sum, value) => sum + value, 0);
        for (const used of [weights, logits, wrong]) backend.release(used);
        let size = 0;
        for (let index = 0; index < place.length; index++) {
          const weight = index % (width + 1) === width ? 0 : (place[index] ?? 0);
          size += weight * weight;
          gradient[index] = strength * (turn[index] ?? 0) + weight;
        }
        return strength * loss + size / 2;
      },
      new Float64Array(classes * (width + 1)),
      { maximumSteps, gradientTolerance: gradientTolerance * strength },
    );
  } finally {
    backend.release(targets);
  }
}

/** Probabilities of the classes `[rows, classes]`. */
export function applyProbe(
  backend: Backend,
  { handle, width }: ProbeRows,
  weights: Float64Array,
): Float32Array {
  const uploaded = backend.upload(
    Float32Array.from(weights),
    [weights.length / (width + 1), width + 1],
    'float32',
  );
  const logits = backend.matmul(handle, uploaded, false, true);
  const probabilities = take(backend, backend.softmax(logits));
  for (const used of [uploaded, logits]) backend.release(used);
  return probabilities;
}
