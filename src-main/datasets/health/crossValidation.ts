import { assignGroups } from '../splitting/assignGroups.ts';
import { drawUniform } from '../splits.ts';
import { featuresOf, tableSizeFor, trainTextClassifier } from './textClassifier.ts';

export interface CrossValidation {
  /** The judged rows, by their index; all of them unless there are too many. */
  readonly rows: readonly number[];
  /** Of each judged row, by a classifier that did not see it: `[rows][classes]`. */
  readonly probabilities: readonly (readonly number[])[];
  readonly labels: readonly number[];
  /** Share of judged rows whose likeliest class is their label. */
  readonly accuracy: number;
}

const folds = 5;
/** Rows times classes that are judged in seconds; of more rows, a sample is. */
const mostScores = 1_000_000;
const orderStream = 0x6f726465;

/** Up to so many rows, spread over all by a fixed seed, in an order that is none of the file's. */
function sampleRows(total: number, most: number): number[] {
  const drawn = Array.from({ length: total }, (_, row) => ({ row, draw: drawUniform(0, orderStream, row) }));
  return drawn
    .sort((one, other) => one.draw - other.draw || one.row - other.row)
    .slice(0, most)
    .map(({ row }) => row);
}

/** Predictions for every row by a classifier trained on the other folds; the same rows give the same predictions. */
export function crossValidate(
  texts: readonly string[],
  labels: readonly number[],
  classes: number,
): CrossValidation {
  const rows = sampleRows(texts.length, Math.max(1000, Math.floor(mostScores / classes)));
  const tableSize = tableSizeFor(classes);
  const features = rows.map((row) => featuresOf(texts[row] ?? '', tableSize));
  const given = rows.map((row) => labels[row] ?? 0);
  // Rows of one text go into one fold: a classifier that saw a row's twin would only repeat its label.
  const numbers = new Map<string, number>();
  const groups = rows.map((row) => {
    const text = texts[row] ?? '';
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
  const foldOf = assignGroups(Array<number>(folds).fill(1 / folds), groups, given.map(String), 0);
  const probabilities: number[][] = rows.map(() => []);
  let right = 0;
  for (let fold = 0; fold < folds; fold++) {
    const training = rows.flatMap((_, index) => (foldOf[index] === fold ? [] : [index]));
    const classifier = trainTextClassifier(
      training.flatMap((index) => features[index] ?? []),
      training.map((index) => given[index] ?? 0),
      classes,
      tableSize,
    );
    rows.forEach((_, index) => {
      const own = features[index];
      if (foldOf[index] !== fold || own === undefined) return;
      const predicted = [...classifier.predict(own)];
      probabilities[index] = predicted;
      if (predicted.indexOf(Math.max(...predicted)) === given[index]) right++;
    });
  }
  return { rows, probabilities, labels: given, accuracy: right / Math.max(1, rows.length) };
}
