import { expect, test } from 'vitest';
import type { RunDetail } from '../../../src-main/contract/runs.ts';
import { compareRuns, comparisonLines } from '../../../src-main/hosts/cli/comparisonLines.ts';
import { exampleSummary } from '../renderer/exampleSummary.ts';

function made(id: string, learningRate: number, seed: number, accuracy: number): RunDetail {
  const { config } = exampleSummary;
  return {
    ...exampleSummary,
    id,
    name: id,
    config: { ...config, training: { ...config.training, learningRate, seed } },
    metrics: { 'test.accuracy': accuracy, 'test.loss': 1 - accuracy },
    datasetHash: 'd',
    modelHash: 'm',
    versions: {},
    labels: [],
    confusion: null,
    lastSequence: 0,
    notes: '',
    rowsPerSecond: null,
    peakMemoryBytes: 2_000_000,
  };
}
const accuracies = { 1e-3: [0.8, 0.82, 0.84, 0.86], 2e-4: [0.5, 0.52, 0.54, 0.56] } as const;
const runs = ([1e-3, 2e-4] as const).flatMap((rate) =>
  accuracies[rate].map((accuracy, seed) => made(`${rate}-${seed}`, rate, seed, accuracy)),
);

test('a terminal compares results, settings that differ, and seeds by chance', () => {
  const comparison = compareRuns(runs);
  expect(comparison.metrics.find(({ name }) => name === 'test.loss')?.best).toBe(3);
  expect(comparison.settings.map(({ path }) => path)).toEqual(['training.learningRate', 'training.seed']);
  expect(comparison.seedMetric).toBe('test.accuracy');
  expect(comparison.seeds.map(({ runs: members }) => members.length)).toEqual([4, 4]);
  // Two of the 70 ways to deal the eight values out set the groups this far apart.
  expect(comparison.seeds[1]?.chance).toBeCloseTo(2 / 70, 12);
  const text = comparisonLines(runs, comparison).join('\n');
  expect(text).toContain('0.8600 *');
  expect(text).toMatch(/0\.5300 ± 0\.02582 +n = 4 +0\.0002-0 .*2\.9 %/);
});

test('equal runs have nothing to tell apart', () => {
  const [run] = runs;
  if (!run) throw new Error('There is no run.');
  const comparison = compareRuns([run, { ...run, id: 'again' }]);
  expect(comparison.settings).toEqual([]);
  expect(comparison.metrics.every(({ best }) => best === undefined)).toBe(true);
});
