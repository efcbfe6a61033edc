import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src-main/contract/events.ts';
import {
  hardestLabels,
  labelEvaluations,
  labelScores,
} from '../../../src-renderer/features/runs/labelScores.ts';

const labels = ['card', '환불', 'never'];

test('each label has its precision, recall and F1, and none where there is nothing to count', () => {
  const counts = [
    [8, 2, 0],
    [2, 3, 0],
    [0, 0, 0],
  ];
  expect(labelScores({ labels, counts })).toEqual([
    { label: 'card', rows: 10, precision: 0.8, recall: 0.8, f1: 0.8 },
    { label: '환불', rows: 5, precision: 0.6, recall: 0.6, f1: 0.6 },
    { label: 'never', rows: 0, precision: null, recall: null, f1: null },
  ]);
  const missed = labelScores({
    labels: ['a', 'b'],
    counts: [
      [0, 4],
      [0, 4],
    ],
  });
  expect(missed).toMatchObject([
    { precision: null, recall: 0, f1: 0 },
    { precision: 0.5, recall: 1, f1: 2 / 3 },
  ]);
});

test('the labels that were hardest at the last evaluation are drawn over all of them', () => {
  const evaluated = (sequence: number, split: 'validation' | 'test', right: number): RunEvent => ({
    sequence,
    runId: 'run',
    at: '2026-01-01T00:00:00.000Z',
    body: {
      event: 'evaluated',
      step: sequence * 10,
      split,
      metrics: {},
      best: false,
      confusion: {
        labels: ['easy', 'hard'],
        counts: [
          [10, 0],
          [10 - right, right],
        ],
      },
    },
  });
  const log = [evaluated(1, 'validation', 1), evaluated(2, 'validation', 5), evaluated(3, 'test', 9)];
  const evaluations = labelEvaluations(log);
  expect(evaluations.map(({ step }) => step)).toEqual([10, 20]);
  const [hardest, ...others] = hardestLabels(evaluations, 1);
  expect(others).toEqual([]);
  expect(hardest?.label).toBe('hard');
  expect(hardest?.points).toEqual([
    { x: 10, y: 2 / 11 },
    { x: 20, y: 10 / 15 },
  ]);
});
