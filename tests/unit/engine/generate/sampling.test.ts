import { describe, expect, it } from 'vitest';
import { chooseToken, penalizeRepetition } from '../../../../src-main/engine/generate/sampling.ts';

const logits = () => Float32Array.of(1, 3, 2, 0, 2.5);
const draws = Array.from({ length: 2000 }, (_, index) => (index + 0.5) / 2000);
const all = { temperature: 1, topK: 0, topP: 1 };

function frequencies(options: typeof all): number[] {
  const counts = [0, 0, 0, 0, 0];
  for (const draw of draws) {
    const token = chooseToken(logits(), options, draw);
    counts[token] = (counts[token] ?? 0) + 1;
  }
  return counts.map((count) => count / draws.length);
}

function softmax(values: readonly number[]): number[] {
  const weights = values.map(Math.exp);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

describe('chooseToken', () => {
  it('takes the likeliest at temperature 0', () => {
    expect(chooseToken(logits(), { ...all, temperature: 0 }, 0.99)).toBe(1);
  });

  it('draws in proportion to the probabilities at the temperature', () => {
    const expected = softmax([...logits()].map((logit) => logit / 0.7));
    frequencies({ ...all, temperature: 0.7 }).forEach((frequency, token) => {
      expect(Math.abs(frequency - (expected[token] ?? 0))).toBeLessThan(2e-3);
    });
  });

  it('keeps the k likeliest', () => {
    const kept = frequencies({ ...all, topK: 2 }).map((frequency) => frequency > 0);
    expect(kept).toEqual([false, true, false, false, true]);
  });

  it('keeps the fewest that reach p together, always one', () => {
    // Probabilities 0.07, 0.49, 0.18, 0.02, 0.30 (rounded): 0.49 + 0.30 reach 0.6.
    const kept = frequencies({ ...all, topP: 0.6 }).map((frequency) => frequency > 0);
    expect(kept).toEqual([false, true, false, false, true]);
    expect(frequencies({ ...all, topP: 0 })).toEqual([0, 1, 0, 0, 0]);
  });
});

describe('penalizeRepetition', () => {
  it('makes seen tokens less likely once each, whatever their sign', () => {
    const values = Float32Array.of(2, -2, 1);
    penalizeRepetition(values, [0, 1, 0, 9], 2);
    expect([...values]).toEqual([1, -4, 1]);
  });
});
