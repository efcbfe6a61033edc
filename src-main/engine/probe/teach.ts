import type { Backend } from '../backend/backend.ts';
import { type ProbeOptions, applyProbe, fitProbe, uploadRows, usualProbe } from './logisticRegression.ts';

const folds = 5;

/** What the probe thinks of one row. */
export interface Opinion {
  /** The likeliest class. */
  readonly best: number;
  readonly probability: number;
  /** How far it is ahead of the second. */
  readonly margin: number;
  /** 0 where one class is certain, 1 where all are equally likely. */
  readonly entropy: number;
}

/** @param probabilities of every class */
export function opinionOf(probabilities: Float32Array): Opinion {
  let best = 0;
  let second = -1;
  let entropy = 0;
  probabilities.forEach((probability, label) => {
    if (probability > 0) entropy -= probability * Math.log(probability);
    if (label === 0) return;
    if (probability > (probabilities[best] ?? 0)) [second, best] = [best, label];
    else if (second < 0 || probability > (probabilities[second] ?? 0)) second = label;
  });
  const probability = probabilities[best] ?? 0;
  const margin = probability - (second < 0 ? 0 : (probabilities[second] ?? 0));
  return { best, probability, margin, entropy: entropy / Math.log(Math.max(2, probabilities.length)) };
}

const rowsOf = (values: Float32Array, classes: number): Float32Array[] =>
  Array.from({ length: values.length / classes }, (_, row) =>
    values.subarray(row * classes, (row + 1) * classes),
  );

function predict(
  backend: Backend,
  taught: { rows: readonly Float32Array[]; labels: readonly number[] },
  asked: readonly Float32Array[],
  classes: number,
  options: ProbeOptions,
): Float32Array[] {
  if (asked.length === 0) return [];
  const train = uploadRows(backend, taught.rows);
  const questions = uploadRows(backend, asked);
  try {
    const weights = fitProbe(backend, train, Int32Array.from(taught.labels), classes, options);
    return rowsOf(applyProbe(backend, questions, weights), classes);
  } finally {
    backend.release(train.handle);
    backend.release(questions.handle);
  }
}

/** Probabilities of rows without a label, by a probe taught with all that have one. */
export function teachAndPredict(
  backend: Backend,
  taught: { rows: readonly Float32Array[]; labels: readonly number[] },
  asked: readonly Float32Array[],
  classes: number,
  options: ProbeOptions = usualProbe,
): Float32Array[] {
  return predict(backend, taught, asked, classes, options);
}

/**
 * Probabilities of labelled rows, each by a probe that has not seen it. Rows of a class take turns among the folds, so
 * every fold has its share of every class.
 */
export function crossPredict(
  backend: Backend,
  { rows, labels }: { rows: readonly Float32Array[]; labels: readonly number[] },
  classes: number,
  options: ProbeOptions = usualProbe,
): Float32Array[] {
  const seen = Array<number>(classes).fill(0);
  const foldOf = labels.map((label) => {
    const turn = seen[label] ?? 0;
    seen[label] = turn + 1;
    // Classes begin at different folds, so that rare ones do not all fall into the first.
    return (turn + label) % folds;
  });
  const found: Float32Array[] = rows.map(() => new Float32Array(classes));
  for (let fold = 0; fold < folds; fold++) {
    const inside = rows.flatMap((_, row) => (foldOf[row] === fold ? [] : [row]));
    const outside = rows.flatMap((_, row) => (foldOf[row] === fold ? [row] : []));
    if (inside.length === 0) continue;
    const pick = (indices: readonly number[]) => indices.flatMap((row) => rows[row] ?? []);
    const taught = { rows: pick(inside), labels: inside.map((row) => labels[row] ?? 0) };
    predict(backend, taught, pick(outside), classes, options).forEach((values, index) => {
      found[outside[index] ?? 0] = values;
    });
  }
  return found;
}
