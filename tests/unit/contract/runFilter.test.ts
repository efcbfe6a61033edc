import { expect, test } from 'vitest';
import { matchesRun, parseRunFilter } from '../../../src-main/contract/runFilter.ts';
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
    method: { id: 'lora', options: { rank: 8 } },
    training: { learningRate: 2e-3, schedule: 'linear' },
  },
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  endedAt: null,
  step: 10,
  totalSteps: 10,
  trainableParameters: 1000,
  totalParameters: 2000,
  metrics: { 'test.accuracy': 0.61, 'validation.accuracy': 0.7, 'train.loss': 1.2 },
  problems: [],
  tags: ['baseline', 'two words'],
  starred: true,
  archived: false,
  parentRunId: null,
  group: null,
  project: null,
  queuePosition: null,
  elapsedMs: null,
  notBefore: null,
  removedAt: null,
};

const matches = (text: string, changed: Partial<RunSummary> = {}) =>
  matchesRun(parseRunFilter(text), { ...run, ...changed });

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
  ['learningRate<=2e-3', true],
  ['rank=8', true],
  ['rank>8', false],
  ['maximumLength=64', true],
  ['trainableParameters<1e6', true],
  // What a run does not have is neither more nor less.
  ['macroF1>0', false],
  ['-macroF1>0', true],
])('%s', (text, expected) => {
  expect(parseRunFilter(text).problems).toEqual([]);
  expect(matches(text)).toBe(expected);
});

test('archived runs show only where they are asked for', () => {
  expect(matches('', { archived: true })).toBe(false);
  expect(matches('is:archived', { archived: true })).toBe(true);
  expect(matches('-is:archived')).toBe(true);
});

test.each(['colour:red', 'accuracy>high', 'is:big'])(
  '%s is named as a problem and filters nothing',
  (term) => {
    const filter = parseRunFilter(`lora ${term}`);
    expect(filter.problems).toMatchObject([{ code: 'run.filterTerm', params: { term } }]);
    expect(matchesRun(filter, run)).toBe(true);
  },
);
