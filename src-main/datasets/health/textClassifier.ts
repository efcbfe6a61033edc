import { normalizeText } from './normalize.ts';

/** A text as hashed pieces with weights of length 1 together. */
export interface TextFeatures {
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/** Weights of all classes together, at most. */
const mostWeights = 1 << 24;
const largestTable = 1 << 16;

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Buckets of the hash: a power of two that keeps the weights within bounds. */
export function tableSizeFor(classes: number): number {
  return Math.min(largestTable, 2 ** Math.floor(Math.log2(mostWeights / classes)));
}

/** Words, pairs of words, and pieces of three characters within words, which is what Korean endings need. */
export function featuresOf(text: string, tableSize: number): TextFeatures {
  const words = normalizeText(text).match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
  const counts = new Map<number, number>();
  const add = (piece: string) => {
    const index = hashText(piece) & (tableSize - 1);
    counts.set(index, (counts.get(index) ?? 0) + 1);
  };
  words.forEach((word, at) => {
    add(`w${word}`);
    if (at > 0) add(`p${words[at - 1] ?? ''} ${word}`);
    const bounded = ` ${word} `;
    for (let start = 0; start + 3 <= bounded.length; start++) add(`c${bounded.slice(start, start + 3)}`);
  });
  const indices = Uint32Array.from(counts.keys());
  const values = Float32Array.from(counts.values(), (count) => 1 + Math.log(count));
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return { indices, values: values.map((value) => value / Math.max(1e-12, length)) };
}

export interface TextClassifier {
  /** Probabilities of the classes. */
  predict(features: TextFeatures): Float64Array;
}

const epochs = 8;
const learningRate = 0.7;
const stabilizer = 1e-6;

/**
 * Multinomial logistic regression on hashed pieces, by AdaGrad (https://jmlr.org/papers/v12/duchi11a.html) row by row
 * in the given order: the same rows in the same order give the same classifier.
 */
export function trainTextClassifier(
  rows: readonly TextFeatures[],
  labels: readonly number[],
  classes: number,
  tableSize: number,
): TextClassifier {
  // [tableSize, classes]
  const weights = new Float32Array(tableSize * classes);
  const squares = new Float32Array(tableSize * classes);
  const bias = new Float64Array(classes);

  function predict({ indices, values }: TextFeatures): Float64Array {
    const scores = Float64Array.from(bias);
    for (let at = 0; at < indices.length; at++) {
      const base = (indices[at] ?? 0) * classes;
      const value = values[at] ?? 0;
      for (let label = 0; label < classes; label++)
        scores[label] = (scores[label] ?? 0) + value * (weights[base + label] ?? 0);
    }
    let highest = -Infinity;
    for (const score of scores) highest = Math.max(highest, score);
    let total = 0;
    for (let label = 0; label < classes; label++) {
      const power = Math.exp((scores[label] ?? 0) - highest);
      scores[label] = power;
      total += power;
    }
    for (let label = 0; label < classes; label++) scores[label] = (scores[label] ?? 0) / total;
    return scores;
  }

  function learn(features: TextFeatures, given: number): void {
    const errors = predict(features);
    errors[given] = (errors[given] ?? 0) - 1;
    for (let label = 0; label < classes; label++)
      bias[label] = (bias[label] ?? 0) - 0.05 * (errors[label] ?? 0);
    const { indices, values } = features;
    for (let at = 0; at < indices.length; at++) {
      const base = (indices[at] ?? 0) * classes;
      const value = values[at] ?? 0;
      for (let label = 0; label < classes; label++) {
        const gradient = value * (errors[label] ?? 0);
        const place = base + label;
        const square = (squares[place] ?? 0) + gradient * gradient;
        squares[place] = square;
        weights[place] = (weights[place] ?? 0) - (learningRate * gradient) / Math.sqrt(square + stabilizer);
      }
    }
  }

  for (let epoch = 0; epoch < epochs; epoch++)
    rows.forEach((features, row) => learn(features, labels[row] ?? 0));
  return { predict };
}
