import { describe, expect, it } from 'vitest';
import { classification } from '../../../../src-main/engine/objectives/classification.ts';
import { startClassificationScore } from '../../../../src-main/engine/objectives/classificationScore.ts';
import { startTokenScore } from '../../../../src-main/engine/objectives/tokenLoss.ts';

describe('classification score', () => {
  it('gives loss, accuracy, macro F1 and confusion as scikit-learn does', () => {
    const score = startClassificationScore(['a', 'b', 'c', 'unused']);
    score.add(0.5, 3, [0, 0, 1], [0, 1, 1]);
    score.add(1.5, 1, [2], [1]);
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
    expect(classification.collectLabels(rows, { maximumLength: 8, classWeights: 'none' })).toEqual([
      'B',
      'b',
      '가',
      '나',
    ]);
  });
});

describe('score of predicted tokens', () => {
  it('weighs each batch by its tokens', () => {
    const score = startTokenScore();
    score.add(1, [5, 6, 7], [5, 6, 0]);
    score.add(3, [1], [1]);
    const metrics = score.metrics();
    expect(metrics['loss']).toBeCloseTo(1.5, 12);
    expect(metrics['perplexity']).toBeCloseTo(Math.exp(1.5), 10);
    expect(metrics['tokenAccuracy']).toBeCloseTo(0.75, 12);
  });
});
