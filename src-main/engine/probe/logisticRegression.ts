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

/** Of one evaluation: the summed loss and, by logit, its gradient `[rows, classes]`, which the caller releases. */
interface Misfit {
  readonly loss: number;
  readonly gradient: Handle;
}

/** The weights `[classes, width + 1]` with the smallest `strength · Σ misfit + ½ ‖weights without biases‖²`, found from zero. */
function fit(
  backend: Backend,
  { handle, width }: ProbeRows,
  classes: number,
  { strength, maximumSteps }: ProbeOptions,
  misfitOf: (logits: Handle) => Misfit,
): Float64Array {
  return minimize(
    (place, gradient) => {
      const weights = backend.upload(Float32Array.from(place), [classes, width + 1], 'float32');
      const logits = backend.matmul(handle, weights, false, true);
      const { loss, gradient: wrong } = misfitOf(logits);
      const turn = take(backend, backend.matmul(wrong, handle, true, false));
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
}

/**
 * Multinomial logistic regression: the weights `[classes, width + 1]` with the smallest
 * `strength · Σ cross-entropy + ½ ‖weights without biases‖²`; the same rows give the same weights.
 * @param labels a class of each row
 */
export function fitProbe(
  backend: Backend,
  rows: ProbeRows,
  labels: Int32Array,
  classes: number,
  options: ProbeOptions = usualProbe,
): Float64Array {
  const targets = backend.upload(labels, [rows.rows], 'int32');
  try {
    return fit(backend, rows, classes, options, (logits) => {
      const { losses, gradient } = backend.softmaxCrossEntropy(logits, targets);
      return { loss: take(backend, losses).reduce((sum, value) => sum + value, 0), gradient };
    });
  } finally {
    backend.release(targets);
  }
}

const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

/**
 * Logistic regression of each class against its absence, all at once: their weights do not touch each other.
 * @param labels the classes of each row, any number of them
 */
export function fitSeveral(
  backend: Backend,
  rows: ProbeRows,
  labels: readonly (readonly number[])[],
  classes: number,
  options: ProbeOptions = usualProbe,
): Float64Array {
  const wanted = new Uint8Array(rows.rows * classes);
  labels.forEach((own, row) => {
    for (const label of own) wanted[row * classes + label] = 1;
  });
  return fit(backend, rows, classes, options, (logits) => {
    const values = backend.download(logits);
    const gradient = new Float32Array(wanted.length);
    let loss = 0;
    for (let index = 0; index < wanted.length; index++) {
      const logit = Number(values[index]);
      const target = wanted[index] ?? 0;
      // log(1 + e^x) without overflow.
      loss += Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit)));
      gradient[index] = sigmoid(logit) - target;
    }
    return { loss, gradient: backend.upload(gradient, [rows.rows, classes], 'float32') };
  });
}

/** Logits of the classes `[rows, classes]`, to be released. */
function logitsOf(backend: Backend, { handle, width }: ProbeRows, weights: Float64Array): Handle {
  const classes = weights.length / (width + 1);
  const uploaded = backend.upload(Float32Array.from(weights), [classes, width + 1], 'float32');
  const logits = backend.matmul(handle, uploaded, false, true);
  backend.release(uploaded);
  return logits;
}

/** Probabilities of the classes `[rows, classes]`, together 1. */
export function applyProbe(backend: Backend, rows: ProbeRows, weights: Float64Array): Float32Array {
  const logits = logitsOf(backend, rows, weights);
  const probabilities = take(backend, backend.softmax(logits));
  backend.release(logits);
  return probabilities;
}

/** Probabilities of the classes `[rows, classes]`, each on its own. */
export function applySeveral(backend: Backend, rows: ProbeRows, weights: Float64Array): Float32Array {
  return take(backend, logitsOf(backend, rows, weights)).map(sigmoid);
}
