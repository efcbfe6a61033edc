import { describe, expect, test } from 'vitest';
import type { RunDetail } from '../../../src-main/contract/runs.ts';
import { sampleOptions } from '../../../src-main/engine/train/sampleOptions.ts';
import { chanceOfDifference, spreadOf } from '../../../src-main/contract/statistics.ts';
import { compareMetrics } from '../../../src-main/contract/comparison/metricRows.ts';
import { groupBySeed } from '../../../src-main/contract/comparison/seedGroups.ts';
import { compareSettings } from '../../../src-main/contract/comparison/settingsDiff.ts';
import { columnNames, sortRuns } from '../../../src-renderer/features/runs/runColumns.ts';
import { goodnessOf } from '../../../src-renderer/features/runs/runMetrics.ts';
import { windowRows } from '../../../src-renderer/ui/windowedRows.ts';

function makeRun(
  id: string,
  changed: Partial<RunDetail>,
  training: RunDetail['config']['training'] = {},
): RunDetail {
  return {
    id,
    name: id,
    status: 'completed',
    task: 'classification',
    methodId: 'lora',
    modelId: 'm',
    modelName: 'Model',
    datasetId: 'd',
    datasetName: 'Data',
    config: {
      name: `named ${id}`,
      modelId: 'm',
      datasetId: 'd',
      task: 'classification',
      objective: {},
      method: { id: 'lora', options: { rank: 8, targets: ['query', 'value'] } },
      training: { learningRate: 1e-3, seed: 0, ...training },
    },
    createdAt: id,
    startedAt: null,
    endedAt: null,
    step: 0,
    totalSteps: null,
    trainableParameters: null,
    totalParameters: null,
    metrics: {},
    problems: [],
    tags: [],
    starred: false,
    archived: false,
    parentRunId: null,
    group: null,
    project: null,
    queuePosition: null,
    elapsedMs: null,
    notBefore: null,
    removedAt: null,
    datasetHash: 'd1',
    modelHash: 'm1',
    versions: {},
    labels: [],
    confusion: null,
    lastSequence: 0,
    notes: '',
    rowsPerSecond: null,
    peakMemoryBytes: null,
    ...changed,
  };
}

describe('settings of compared runs', () => {
  test('differences come first, with a gap where a run has no such setting', () => {
    const rows = compareSettings([
      makeRun('a', {}, { learningRate: 1e-3 }),
      makeRun('b', { datasetHash: 'd2' }, { learningRate: 2e-3, warmup: 0.1 }),
    ]);
    expect(rows.filter(({ differs }) => differs)).toEqual([
      { path: 'datasetHash', values: ['d1', 'd2'], differs: true },
      { path: 'training.learningRate', values: ['0.001', '0.002'], differs: true },
      { path: 'training.warmup', values: [null, '0.1'], differs: true },
    ]);
    expect(rows).toContainEqual({
      path: 'method.targets',
      values: ['query, value', 'query, value'],
      differs: false,
    });
    expect(rows.findIndex(({ differs }) => !differs)).toBe(3);
  });

  test('options that only one method has are no difference of their own', () => {
    const withMethod = (id: string, options: RunDetail['config']['method']['options']) => {
      const run = makeRun(id, { methodId: id });
      return { ...run, config: { ...run.config, method: { id, options } } };
    };
    const rows = compareSettings([
      withMethod('lora', { rank: 8, alpha: 16 }),
      withMethod('adalora', { rank: 4, alpha: 16 }),
      withMethod('full', { layerDecay: 1 }),
    ]);
    expect(rows.filter(({ differs }) => differs).map(({ path }) => path)).toEqual(['method', 'method.rank']);
    expect(rows).toContainEqual({ path: 'method.layerDecay', values: [null, null, '1'], differs: false });
  });
});

describe('metrics of compared runs', () => {
  test('the best is the highest share and the lowest loss; speed is no result', () => {
    const rows = compareMetrics([
      makeRun('a', { metrics: { 'test.accuracy': 0.5, 'train.loss': 2, 'train.rowsPerSecond': 9 } }),
      makeRun('b', { metrics: { 'test.accuracy': 0.6, 'train.loss': 3 } }),
      makeRun('c', { metrics: { 'validation.loss': 1 } }),
    ]);
    expect(rows).toEqual([
      { name: 'test.accuracy', values: [0.5, 0.6, undefined], best: 1 },
      { name: 'validation.loss', values: [undefined, undefined, 1], best: undefined },
      { name: 'train.loss', values: [2, 3, undefined], best: 0 },
    ]);
  });
});

describe('runs over seeds', () => {
  test('belong together when nothing but seed and name differs', () => {
    const groups = groupBySeed([
      makeRun('a', {}, { seed: 0 }),
      makeRun('b', {}, { learningRate: 2e-3 }),
      makeRun('c', {}, { seed: 1 }),
      makeRun('d', { datasetHash: 'd2' }, { seed: 2 }),
    ]);
    expect(groups.map(({ runs }) => runs.map(({ id }) => id))).toEqual([['a', 'c'], ['b'], ['d']]);
  });

  test('are not told apart by what is only looked at on the way', () => {
    const looking = Object.fromEntries(Object.keys(sampleOptions).map((name) => [name, 4]));
    expect(groupBySeed([makeRun('a', {}), makeRun('b', {}, looking)])).toHaveLength(1);
  });

  test('have a mean and a sample deviation', () => {
    expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ count: 8, mean: 5, deviation: Math.sqrt(32 / 7) });
    expect(spreadOf([3]).deviation).toBe(0);
  });

  test('differ by chance as often as all ways to deal them out say', () => {
    // 2 of the 70 ways to deal eight values into fours set them this far apart.
    expect(chanceOfDifference([1, 2, 3, 4], [7, 8, 9, 10])).toBeCloseTo(2 / 70, 12);
    expect(chanceOfDifference([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])).toBeCloseTo(2 / 252, 12);
    expect(chanceOfDifference([1, 1, 1, 1], [1, 1, 1, 1])).toBe(1);
    // Of 20 ways two are the farthest apart: nothing three seeds show is unlikely.
    expect(chanceOfDifference([1, 2, 3], [7, 8, 9])).toBeNull();
  });
});

describe('the list of runs', () => {
  test('sorts by any metric or setting, runs without it last', () => {
    const runs = [
      makeRun('a', { metrics: { 'test.accuracy': 0.5 } }),
      makeRun('b', {}),
      makeRun('c', { metrics: { 'test.accuracy': 0.9 } }),
    ];
    const ids = (key: string, descending: boolean) =>
      sortRuns(runs, { key, descending }, { durationOf: () => null, goodnessOf: () => undefined }).map(
        ({ id }) => id,
      );
    expect(ids('test.accuracy', true)).toEqual(['c', 'a', 'b']);
    expect(ids('createdAt', true)).toEqual(['c', 'b', 'a']);
    const extremes = { b: { 'test.accuracy': { lowest: 0.1, highest: 1 } } };
    const reduced = sortRuns(
      [...runs, makeRun('d', { metrics: { 'test.accuracy': 0.2 } })],
      { key: 'max(accuracy)', descending: false },
      {
        durationOf: () => null,
        goodnessOf: () => undefined,
        extremes: { ...extremes, d: { 'test.accuracy': { lowest: 0, highest: 0.3 } } },
      },
    );
    expect(reduced.map(({ id }) => id)).toEqual(['d', 'a', 'b', 'c']);
    expect(columnNames(runs)).toMatchObject({
      metrics: ['test.accuracy'],
      settings: ['learningRate', 'rank', 'seed', 'targets'],
    });
    expect(columnNames(runs).facts).toEqual(expect.arrayContaining(['model', 'project', 'seconds']));
  });

  test('sorts by result, the best first whatever the metric', () => {
    const objectives = [
      { id: 'classification', decidingMetric: { name: 'accuracy', better: 'higher' } },
      { id: 'causalLm', decidingMetric: { name: 'loss', better: 'lower' } },
    ] as const;
    const runs = [
      makeRun('worse loss', { task: 'causalLm', metrics: { 'test.loss': 3 } }),
      makeRun('none', {}),
      makeRun('better loss', { task: 'causalLm', metrics: { 'test.loss': 2 } }),
      makeRun('accuracy', { metrics: { 'test.accuracy': 0.4, 'test.loss': 9 } }),
    ];
    const sorted = sortRuns(
      runs,
      { key: 'result', descending: true },
      { durationOf: () => null, goodnessOf: (run) => goodnessOf(run, objectives) },
    );
    expect(sorted.map(({ id }) => id)).toEqual(['accuracy', 'better loss', 'worse loss', 'none']);
  });

  test('only the rows in view and some beyond exist', () => {
    expect(windowRows(1000, 50, -300, 500)).toEqual({ first: 0, end: 24, before: 0, after: 48_800 });
    expect(windowRows(1000, 50, 5000, 500)).toEqual({ first: 80, end: 130, before: 4000, after: 43_500 });
    expect(windowRows(1000, 50, 60_000, 500)).toMatchObject({ end: 1000, after: 0 });
    expect(windowRows(3, 50, 0, 500)).toEqual({ first: 0, end: 3, before: 0, after: 0 });
  });
});
