import { scope } from '../autodiff/scope.ts';
import { sumAtOnce } from '../autodiff/tape.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { Model, Pass } from '../models/model.ts';
import {
  argMax,
  crossEntropy,
  crossEntropyOfRows,
  fromValues,
  indicesFrom,
  scale,
  slice,
} from '../ops/index.ts';

/** Logits held at once: bounds memory where the vocabulary is large. */
const chunkElements = 2 ** 24;

function rowsAtOnce({ vocabularySize }: Model): number {
  return Math.max(1, Math.floor(chunkElements / vocabularySize));
}

/**
 * Mean loss of predicting each row's token from `rows` `[rows, width]`, some rows at a time, and the likeliest tokens
 * where they are wanted.
 */
export function measureTokens(
  model: Model,
  rows: Tensor,
  targets: readonly number[],
  pass: Pass,
): { loss: Tensor; likeliest: readonly number[] } {
  const [count = 0, width = 0] = rows.shape;
  const perPart = rowsAtOnce(model);
  const likeliest: number[] = [];
  const loss = sumAtOnce(rows, Math.ceil(count / perPart), (all, part) => {
    const start = part * perPart;
    const length = Math.min(perPart, count - start);
    const logits = model.vocabularyLogits(slice(all, [start, 0], [length, width]), pass);
    if (!pass.training) likeliest.push(...argMax(logits).values());
    const labels = indicesFrom(all.backend, targets.slice(start, start + length));
    return scale(crossEntropy(logits, labels), length / count);
  });
  return { loss, likeliest };
}

/** Loss of predicting each row's token from `rows` `[rows, width]`; not differentiated. */
export function lossesOfTokens(
  model: Model,
  rows: Tensor,
  targets: readonly number[],
  pass: Pass,
): readonly number[] {
  const [count = 0, width = 0] = rows.shape;
  const perPart = rowsAtOnce(model);
  const losses: number[] = [];
  for (let start = 0; start < count; start += perPart) {
    scope(() => {
      const length = Math.min(perPart, count - start);
      const logits = model.vocabularyLogits(slice(rows, [start, 0], [length, width]), pass);
      const labels = indicesFrom(rows.backend, targets.slice(start, start + length));
      losses.push(...crossEntropyOfRows(logits, labels).values());
    });
  }
  return losses;
}

/** Σ weightᵢ · loss of predicting row i's token from `rows` `[rows, width]`, some rows at a time; weights above 0. */
export function weightedTokenLoss(
  model: Model,
  rows: Tensor,
  targets: readonly number[],
  weights: readonly number[],
  pass: Pass,
): Tensor {
  const [count = 0, width = 0] = rows.shape;
  const perPart = rowsAtOnce(model);
  return sumAtOnce(rows, Math.ceil(count / perPart), (all, part) => {
    const start = part * perPart;
    const length = Math.min(perPart, count - start);
    const logits = model.vocabularyLogits(slice(all, [start, 0], [length, width]), pass);
    const labels = indicesFrom(all.backend, targets.slice(start, start + length));
    // Far below anything that counts, but never a sum of zero.
    const own = weights.slice(start, start + length).map((weight) => Math.max(weight, 1e-30));
    const total = own.reduce((sum, weight) => sum + weight, 0);
    const shares = fromValues(all.backend, Float32Array.from(own), [length], 'float32');
    return scale(crossEntropy(logits, labels, shares), total);
  });
}

/** Loss, perplexity and the share of tokens guessed right, over everything that counted. */
export function startTokenScore() {
  let lossSum = 0;
  let right = 0;
  let total = 0;
  return {
    add(loss: number, likeliest: readonly number[], targets: readonly number[]) {
      lossSum += loss * targets.length;
      total += targets.length;
      targets.forEach((target, index) => {
        if (likeliest[index] === target) right++;
      });
    },
    metrics() {
      const loss = lossSum / Math.max(1, total);
      return { loss, perplexity: Math.exp(loss), tokenAccuracy: right / Math.max(1, total) };
    },
  };
}
