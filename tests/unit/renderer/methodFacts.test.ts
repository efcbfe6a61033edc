import { expect, test } from 'vitest';
import type { Problem } from '../../../src-main/contract/errors/index.ts';
import { methods } from '../../../src-main/engine/methods/registry.ts';
import {
  factsOfEntries,
  factsOfTable,
  parsePositive,
  parseSeeds,
  sharedProblemsAt,
} from '../../../src-renderer/features/bakeOff/methodFacts.ts';

test('seeds are whole numbers from 0 on, each once', () => {
  expect(parseSeeds('0, 1,2  7')).toEqual([0, 1, 2, 7]);
  expect(parseSeeds('3, 3')).toEqual([3]);
  for (const text of ['', ' , ', '1.5', '-1', 'two', '0, x', '9999999999']) {
    expect(parseSeeds(text), text).toBeUndefined();
  }
  expect(parseSeeds(Array.from({ length: 21 }, (_, seed) => seed).join())).toBeUndefined();
});

test('rates and budgets are above zero', () => {
  expect(parsePositive('2e-4')).toBe(2e-4);
  for (const text of ['', ' ', '0', '-1', 'fast', 'Infinity'])
    expect(parsePositive(text), text).toBeUndefined();
});

const specs = [methods.lora.spec, methods.llamaAdapter.spec];
const problem = { code: 'run.methodNotForModel', message: 'no', hint: '', params: {} };

test('a table’s share is of the model with what is added', () => {
  const rows = [
    { methodId: 'lora', ownParameters: 10, addedParameters: 90, problems: [] },
    { methodId: 'llamaAdapter', ownParameters: null, addedParameters: null, problems: [problem] },
  ];
  const [lora, other] = factsOfTable(specs, { model: 'm', totalParameters: 910, rows });
  expect(lora).toMatchObject({ trained: 100, total: 1000, problems: [] });
  expect(other).toMatchObject({ trained: null, total: null, problems: [problem] });
});

test('a check’s numbers are what training would change', () => {
  const counts = {
    trainableParameters: 100,
    totalParameters: 1000,
    totalSteps: 1,
    trainRows: 1,
    memory: null,
  };
  const forecast = { problems: [], ...counts };
  const [lora, other] = factsOfEntries(specs, [{ methodId: 'lora', learningRate: 1, forecast }]);
  expect(lora).toMatchObject({ trained: 100, total: 1000 });
  expect(other).toMatchObject({ trained: null, problems: [] });
});

test('what is wrong with a setting that all share is told there, and not of each method', () => {
  const watched = { ...problem, code: 'run.watchNoHead', path: 'watchDatasetId' };
  const entry = (methodId: string, problems: Problem[]) => ({
    methodId,
    learningRate: 1,
    forecast: {
      problems,
      trainableParameters: 1,
      totalParameters: 1,
      totalSteps: 1,
      trainRows: 1,
      memory: null,
    },
  });
  const all = [entry('lora', [watched]), entry('llamaAdapter', [watched, problem])];
  const shared = sharedProblemsAt(all, 'watchDatasetId');
  expect(shared).toEqual([watched]);
  expect(factsOfEntries(specs, all, shared).map(({ problems }) => problems)).toEqual([[], [problem]]);
  const one = [entry('lora', []), entry('llamaAdapter', [watched])];
  expect(sharedProblemsAt(one, 'watchDatasetId')).toEqual([]);
  expect(sharedProblemsAt([], 'watchDatasetId')).toEqual([]);
});
