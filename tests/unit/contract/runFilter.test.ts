import { expect, test } from 'vitest';
import { matchesRun, metricsOfFilter, parseRunFilter } from '../../../src-main/contract/runFilter.ts';
import type { RunSummary } from '../../../src-main/contract/runs.ts';

const run: RunSummary = {
  id: 'r1',
  name: '은행 문의 첫 실험',
  status: 'completed',
  task: 'classification',
  methodId: 'lora',
  modelId: 'm1',
  modelName: 'MiniLM',
  datasetId: 'd1',
  datasetName: 'Banking',
  config: {
    modelId: 'm1',
    datasetId: 'd1',
    task: 'classification',
    objective: { maximumLength: 64 },
    method: { id: 'lora', options: { rank: 8, targets: ['query', 'value'] } },
    training: { learningRate: 2e-3, schedule: 'linear' },
  },
  createdAt: new Date('2026-01-01T12:00').toISOString(),
  startedAt: null,
  endedAt: null,
  step: 10,
  totalSteps: 10,
  trainableParameters: 1000,
  totalParameters: 2000,
  metrics: {
    'test.accuracy': 0.61,
    'validation.accuracy': 0.7,
    'train.loss': 1.2,
    'train.learningRate': 1e-9,
  },
  problems: [],
  tags: ['baseline', 'two words'],
  starred: true,
  archived: false,
  parentRunId: null,
  group: null,
  project: null,
  queuePosition: null,
  elapsedMs: 60_000,
  notBefore: null,
  removedAt: null,
};

const extremes = {
  r1: {
    'test.accuracy': { lowest: 0.61, highest: 0.61 },
    'validation.accuracy': { lowest: 0.2, highest: 0.8 },
    'train.loss': { lowest: 0.4, highest: 4.2 },
  },
};

const matches = (text: string, changed: Partial<RunSummary> = {}) =>
  matchesRun(parseRunFilter(text, new Date('2026-01-02T12:00').getTime()), { ...run, ...changed }, extremes);

test.each([
  ['', true],
  ['은행 minilm', true],
  ['은행 gpt2', false],
  ['status:completed method:lora', true],
  ['-status:completed', false],
  ['-status:failed', true],
  ['tag:"two words"', true],
  ['tag:three', false],
  ['is:starred', true],
  ['-is:starred', false],
  // The test's number decides, not the better one of the validation rows.
  ['accuracy>0.65', false],
  ['validation.accuracy>0.65', true],
  ['accuracy>=0.61 accuracy<=0.61', true],
  ['loss<1', false],
  ['learningRate=2e-3', true],
  ['train.learningRate=1e-9', true],
  ['rank=8', true],
  ['rank>8', false],
  ['maximumLength=64', true],
  ['trainableParameters<1e6', true],
  // What a run does not have is neither more nor less.
  ['macroF1>0', false],
  ['-macroF1>0', true],
  ['schedule=LINEAR', true],
  ['schedule!=linear', false],
  ['schedule=cosine', false],
  ['targets=value', true],
  ['targets=key', false],
  ['seconds<=60', true],
  // What it had on the way is not what it has now.
  ['best(validation.accuracy)>0.75 validation.accuracy<0.75', true],
  ['best(accuracy)>0.75', false],
  ['best(train.loss)<0.5', true],
  ['max(train.loss)>4', true],
  ['min(macroF1)<1', false],
  ['since:2d', true],
  ['since:12h', false],
  ['since:2026-01-01 until:2026-01-01', true],
  ['until:2025-12-31', false],
  ['gpt2 OR minilm', true],
  ['gpt2 OR is:archived', false],
  ['gpt2 is:starred OR lora accuracy>0.9', false],
  ['OR minilm OR', true],
])('%s', (text, expected) => {
  expect(parseRunFilter(text).problems).toEqual([]);
  expect(matches(text)).toBe(expected);
});

test('archived runs show only where they are asked for', () => {
  expect(matches('', { archived: true })).toBe(false);
  expect(matches('is:archived', { archived: true })).toBe(true);
  expect(matches('-is:archived')).toBe(true);
});

test.each(['colour:red', 'accuracy>high', 'is:big', 'since:yesterday', 'until:2026-13-01'])(
  '%s is named as a problem and filters nothing',
  (term) => {
    const filter = parseRunFilter(`lora ${term}`);
    expect(filter.problems).toMatchObject([{ code: 'run.filterTerm', params: { term } }]);
    expect(matchesRun(filter, run)).toBe(true);
  },
);

test('a question names the metrics whose extremes it needs', () => {
  expect(metricsOfFilter(parseRunFilter('accuracy>0.5 loss<1 OR rank=8'))).toEqual([]);
  expect(metricsOfFilter(parseRunFilter('rank=8 OR best(loss)<1'))).toEqual([
    'loss',
    'test.loss',
    'train.loss',
    'validation.loss',
  ]);
});
