import { expect, test } from 'vitest';
import type { RunSummary } from '../../../src-main/contract/runs.ts';
import { differingSettings } from '../../../src-renderer/features/runs/runColumns.ts';
import {
  groupRuns,
  linesOfGroups,
  meanOfColumn,
  resultOfGroup,
} from '../../../src-renderer/features/runs/runGroups.ts';
import { exampleSummary } from './exampleSummary.ts';

const objectives = [
  { id: 'classification', decidingMetric: { name: 'accuracy', better: 'higher' } },
] as const;

function made(
  id: string,
  learningRate: number,
  accuracy: number | null,
  project: string | null = null,
): RunSummary {
  const { config } = exampleSummary;
  return {
    ...exampleSummary,
    id,
    project,
    config: { ...config, training: { ...config.training, learningRate } },
    metrics: accuracy === null ? { 'train.loss': 2 } : { 'test.accuracy': accuracy },
  };
}
const runs = [
  made('a', 1e-3, 0.6, 'bank'),
  made('b', 2e-4, 0.5),
  made('c', 1e-3, 0.8),
  made('d', 1e-3, null),
];

test('runs are grouped by a setting or a fact, in the order of the list, those without it last', () => {
  const ids = (column: string) => groupRuns(runs, column).map((group) => group.runs.map(({ id }) => id));
  expect(ids('learningRate')).toEqual([['a', 'c', 'd'], ['b']]);
  expect(ids('project')).toEqual([['a'], ['b', 'c', 'd']]);
  expect(groupRuns(runs, 'project')[1]?.value).toBeUndefined();
  expect(
    groupRuns(
      [runs[1], runs[0]].flatMap((run) => run ?? []),
      'project',
    ).at(-1)?.value,
  ).toBeUndefined();
  expect(differingSettings(runs)).toEqual(['learningRate']);
});

test('a group says what came of those of its runs that have the same kind of result', () => {
  const [first, second] = groupRuns(runs, 'learningRate');
  expect(first && resultOfGroup(first, objectives)).toMatchObject({
    split: 'test',
    metric: 'accuracy',
    best: 0.8,
    spread: { count: 2, mean: 0.7 },
  });
  expect(second && meanOfColumn(second, 'learningRate')).toBe(2e-4);
  expect(first && meanOfColumn(first, 'schedule')).toBeUndefined();
});

test('a closed group shows its own line only', () => {
  const groups = groupRuns(runs, 'learningRate');
  const shape = (closed: readonly string[]) =>
    linesOfGroups(groups, new Set(closed)).map((line) => (line.kind === 'run' ? line.run.id : line.open));
  expect(shape([])).toEqual([true, 'a', 'c', 'd', true, 'b']);
  expect(shape([groups[0]?.key ?? ''])).toEqual([false, true, 'b']);
});
