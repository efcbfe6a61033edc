import { expect, test } from 'vitest';
import type { RunSummary } from '../../../src-main/contract/runs.ts';
import { changedSettings, relativesOf } from '../../../src-renderer/features/runs/lineage.ts';
import { exampleSummary } from './exampleSummary.ts';

const made = (id: string, parentRunId: string | null, minute: number): RunSummary => ({
  ...exampleSummary,
  id,
  parentRunId,
  createdAt: `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`,
});
const shape = (id: string, runs: readonly RunSummary[]) =>
  relativesOf(id, runs).map(({ run, parent, depth }) => [run.id, parent?.id, depth]);

test('all runs of one family are found from each of them, every one below its parent', () => {
  const runs = [
    made('stranger', null, 0),
    made('oldest', null, 1),
    made('second', 'oldest', 5),
    made('first', 'oldest', 2),
    made('grandchild', 'first', 9),
  ];
  const family = [
    ['oldest', undefined, 0],
    ['first', 'oldest', 1],
    ['grandchild', 'first', 2],
    ['second', 'oldest', 1],
  ];
  for (const id of ['oldest', 'first', 'second', 'grandchild']) expect(shape(id, runs)).toEqual(family);
  expect(shape('stranger', runs)).toEqual([['stranger', undefined, 0]]);
});

test('a parent that was thrown away ends the line, and a ring of parents is walked once', () => {
  expect(shape('child', [made('child', 'gone', 1)])).toEqual([['child', undefined, 0]]);
  expect(shape('a', [made('a', 'b', 1), made('b', 'a', 2)])).toHaveLength(2);
});

test('what was set otherwise is named, without the options of another method', () => {
  const withRate = (learningRate: number, methodId = 'lora'): RunSummary => ({
    ...exampleSummary,
    methodId,
    config: {
      ...exampleSummary.config,
      method: { id: methodId, options: methodId === 'lora' ? { rank: 8 } : { layers: [1] } },
      training: { learningRate, seed: 0 },
    },
  });
  expect(changedSettings(withRate(1e-3), withRate(2e-4))).toEqual([
    { name: 'learningRate', before: 2e-4, after: 1e-3 },
  ]);
  expect(changedSettings(withRate(1e-3, 'freezing'), withRate(1e-3))).toEqual([]);
  // An earlier version of the program did not know this setting yet.
  const { config } = exampleSummary;
  const newer = { ...exampleSummary, config: { ...config, training: { ...config.training, sampleRows: 4 } } };
  expect(changedSettings(newer, exampleSummary)).toEqual([]);
});
