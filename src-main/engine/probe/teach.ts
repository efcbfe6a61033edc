import type { Backend } from '../backend/backend.ts';
import {
  type ProbeOptions,
  applyProbe,
  applySeveral,
  fitProbe,
  fitSeveral,
  uploadRows,
  usualProbe,
} from './logisticRegression.ts';

const folds = 5;

/** Rows with their classes: one each, unless several may be right. */
export interface Taught {
  readonly rows: readonly Float32Array[];
  readonly labels: readonly (readonly number[])[];
  readonly several: boolean;
}

const rowsOf = (values: Float32Array, classes: number): Float32Array[] =>
  Array.from({ length: values.length / classes }, (_, row) =>
    values.subarray(row * classes, (row + 1) * classes),
  );

function predict(
  backend: Backend,
  { rows, labels, several }: Taught,
  asked: readonly Float32Array[],
  classes: number,
  options: ProbeOptions,
): Float32Array[] {
  if (asked.length === 0) return [];
  const train = uploadRows(backend, rows);
  const questions = uploadRows(backend, asked);
  try {
    if (several) {
      const weights = fitSeveral(backend, train, labels, classes, options);
      return rowsOf(applySeveral(backend, questions, weights), classes);
    }
    const only = Int32Array.from(labels, ([label = 0]) => label);
    return rowsOf(applyProbe(backend, questions, fitProbe(backend, train, only, classes, options)), classes);
  } finally {
    backend.release(train.handle);
    backend.release(questions.handle);
  }
}

/** Probabilities of rows without a label, by a probe taught with all that have one. */
export function teachAndPredict(
  backend: Backend,
  taught: Taught,
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
  { rows, labels, several }: Taught,
  classes: number,
  options: ProbeOptions = usualProbe,
): Float32Array[] {
  const seen = Array<number>(classes).fill(0);
  const foldOf = labels.map(([label = 0]) => {
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
    const taught = { rows: pick(inside), labels: inside.map((row) => labels[row] ?? []), several };
    predict(backend, taught, pick(outside), classes, options).forEach((values, index) => {
      found[outside[index] ?? 0] = values;
    });
  }
  return found;
}
