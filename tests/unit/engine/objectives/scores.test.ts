import { describe, expect, it } from 'vitest';
import { causalLm } from '../../../../src-main/engine/objectives/causalLm.ts';
import { classification } from '../../../../src-main/engine/objectives/classification.ts';

describe('classification score', () => {
  it('gives loss, accuracy, macro F1 and confusion as scikit-learn does', () => {
    const score = classification.startScore(['a', 'b', 'c', 'unused']);
    score.add(0.5, [0, 0, 1], [0, 1, 1]);
    score.add(1.5, [2], [1]);
    const { metrics, confusion } = score.finish();
    expect(metrics['loss']).toBeCloseTo(0.75, 12);
    expect(metrics['accuracy']).toBeCloseTo(0.5, 12);
    // f1_score([0,1,1,1], [0,0,1,2], average="macro"): (2/3 + 1/2 + 0) / 3
    expect(metrics['macroF1']).toBeCloseTo((2 / 3 + 1 / 2) / 3, 12);
    expect(confusion).toEqual({
      labels: ['a', 'b', 'c', 'unused'],
      counts: [
        [1, 0, 0, 0],
        [1, 1, 1, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
    });
  });

  it('orders labels by code point and leaves out empty ones', () => {
    const rows = ['나', 'b', 'B', '가', '', 'b'].map(
      (label) => ({ split: 'train', text: 'x', label }) as const,
    );
    expect(classification.collectLabels(rows)).toEqual(['B', 'b', '가', '나']);
  });
});

describe('causal language model score', () => {
  it('weighs each batch by its tokens', () => {
    const score = causalLm.startScore([]);
    score.add(1, [5, 6, 7], [5, 6, 0]);
    score.add(3, [1], [1]);
    const { metrics } = score.finish();
    expect(metrics['loss']).toBeCloseTo(1.5, 12);
    expect(metrics['perplexity']).toBeCloseTo(Math.exp(1.5), 10);
    expect(metrics['tokenAccuracy']).toBeCloseTo(0.75, 12);
  });
});
