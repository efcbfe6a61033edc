import type { GenerationOptions } from '../../contract/worker.ts';

/** Always the likeliest token. */
export function greedily(maximumNewTokens: number): GenerationOptions {
  return { maximumNewTokens, temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, stop: [], seed: 0 };
}

/**
 * Makes tokens that already occur less likely (https://arxiv.org/abs/1909.05858): their logits are divided by the
 * penalty when positive and multiplied when negative. Changes `logits`.
 */
export function penalizeRepetition(logits: Float32Array, seen: Iterable<number>, penalty: number): void {
  if (penalty === 1) return;
  for (const id of new Set(seen)) {
    const logit = logits[id];
    if (logit !== undefined) logits[id] = logit > 0 ? logit / penalty : logit * penalty;
  }
}

function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] ?? -Infinity) > (values[best] ?? -Infinity)) best = index;
  }
  return best;
}

/** Logits below the k largest become −∞; equal ones at the border stay. */
function keepTopK(logits: Float32Array, topK: number): void {
  if (topK <= 0 || topK >= logits.length) return;
  const threshold = Float32Array.from(logits).sort()[logits.length - topK] ?? -Infinity;
  for (let index = 0; index < logits.length; index++) {
    if ((logits[index] ?? 0) < threshold) logits[index] = -Infinity;
  }
}

/** Probabilities of all tokens; their sum is 1 up to rounding. */
function toProbabilities(logits: Float32Array): Float32Array {
  const largest = logits[indexOfLargest(logits)] ?? 0;
  const weights = logits.map((logit) => Math.exp(logit - largest));
  let sum = 0;
  for (const weight of weights) sum += weight;
  return weights.map((weight) => weight / sum);
}

/** Nucleus sampling (https://arxiv.org/abs/1904.09751): only the likeliest tokens that reach `topP` together stay. */
function keepTopP(probabilities: Float32Array, topP: number): void {
  if (topP >= 1) return;
  const ascending = Float32Array.from(probabilities).sort();
  let left = 0;
  let first = 0;
  while (first < ascending.length - 1) {
    left += ascending[first] ?? 0;
    if (left > 1 - topP) break;
    first++;
  }
  const threshold = ascending[first] ?? 0;
  for (let index = 0; index < probabilities.length; index++) {
    if ((probabilities[index] ?? 0) < threshold) probabilities[index] = 0;
  }
}

export type SamplingOptions = Pick<GenerationOptions, 'temperature' | 'topK' | 'topP'>;

/**
 * The next token. Temperature 0 takes the likeliest; otherwise logits are divided by the temperature, cut by top-k and
 * then top-p, and one is drawn. Changes `logits`.
 * @param uniform a random number in [0, 1)
 */
export function chooseToken(logits: Float32Array, options: SamplingOptions, uniform: number): number {
  if (options.temperature === 0) return indexOfLargest(logits);
  for (let index = 0; index < logits.length; index++) {
    logits[index] = (logits[index] ?? 0) / options.temperature;
  }
  keepTopK(logits, options.topK);
  const probabilities = toProbabilities(logits);
  keepTopP(probabilities, options.topP);
  let total = 0;
  for (const probability of probabilities) total += probability;
  let left = uniform * total;
  let chosen = indexOfLargest(probabilities);
  for (let index = 0; index < probabilities.length; index++) {
    const probability = probabilities[index] ?? 0;
    if (probability === 0) continue;
    chosen = index;
    left -= probability;
    if (left < 0) break;
  }
  return chosen;
}
