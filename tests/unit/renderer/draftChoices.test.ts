import { describe, expect, test } from 'vitest';
import type { DatasetSummary } from '../../../src-main/contract/datasets.ts';
import type { MethodSpec, ObjectiveSpec } from '../../../src-main/contract/methods.ts';
import type { ModelSummary } from '../../../src-main/contract/models.ts';
import { defineOptions } from '../../../src-main/contract/options.ts';
import { findSampleRecipe } from '../../../src-renderer/features/home/sampleRecipe.ts';
import {
  type Catalogue,
  type DraftValues,
  checkConfig,
  configOf,
  resolveChoices,
} from '../../../src-renderer/features/train/draftChoices.ts';

const words = { en: 'x', ko: 'x' };
const dataset: DatasetSummary = {
  id: 'd',
  name: 'requests',
  versionHash: 'h',
  source: 'sample',
  mapping: { roles: { text: 'text', label: 'label' } },
  columns: ['text', 'label'],
  rows: 10,
  rowsBySplit: { train: 8, validation: 1, test: 1 },
  labels: [],
  addedAt: '2030-01-01T00:00:00Z',
};
const encoder: ModelSummary = {
  id: 'm',
  name: 'encoder',
  modelType: 'bert',
  source: 'sample',
  folder: '/m',
  parameters: 1,
  sizeBytes: 1,
  hiddenSize: 1,
  layers: 1,
  vocabularySize: 1,
  maximumLength: 1,
  tasks: ['classification'],
  linearNames: ['query'],
  addedAt: '2030-01-01T00:00:00Z',
};
const decoder: ModelSummary = {
  ...encoder,
  id: 'g',
  modelType: 'llama',
  tasks: ['classification', 'causalLm'],
};
const rank = defineOptions({ rank: { type: 'integer', default: 8, minimum: 1, label: words, help: words } });
const method = (id: string, modelTypes: MethodSpec['modelTypes']): MethodSpec => ({
  id,
  name: words,
  summary: words,
  advice: words,
  traits: {
    family: 'weightChanges',
    base: 'fixed',
    adds: words,
    where: words,
    inference: 'none',
    learningRate: 1e-3,
  },
  tasks: ['classification', 'causalLm'],
  modelTypes,
  options: rank,
});
const classification: ObjectiveSpec = {
  id: 'classification',
  name: words,
  summary: words,
  roles: [
    { role: 'text', help: words },
    { role: 'label', help: words },
  ],
  head: 'classes',
  needs: [['text', 'label']],
  prediction: 'labels',
  decidingMetric: { name: 'accuracy', better: 'higher' },
  options: {},
};
const causalLm: ObjectiveSpec = {
  ...classification,
  id: 'causalLm',
  roles: [{ role: 'prompt', help: words }],
  head: 'nextToken',
  needs: [['prompt']],
  prediction: 'text',
};
const catalogue: Catalogue = {
  datasets: [dataset],
  models: [decoder, encoder],
  methods: [method('full', ['bert', 'llama']), method('lora', ['bert'])],
  objectives: [causalLm, classification],
  training: {},
};
const draft: DraftValues = {
  parentRunId: undefined,
  datasetId: 'd',
  modelId: 'm',
  task: undefined,
  methodId: undefined,
  name: '',
  objective: {},
  methodOptions: {},
  training: {},
  adapters: [],
  watchDatasetId: undefined,
};

describe('what a draft comes to', () => {
  test('the task that fits the data and the usual method are suggested', () => {
    const choices = resolveChoices(draft, catalogue);
    expect([choices.objective?.id, choices.method?.id]).toEqual(['classification', 'lora']);
  });

  test('a method that does not fit the model gives way', () => {
    const choices = resolveChoices({ ...draft, modelId: 'g', methodId: 'lora' }, catalogue);
    expect(choices.method?.id).toBe('full');
  });

  test('a task whose columns are missing is not kept', () => {
    expect(resolveChoices({ ...draft, task: 'causalLm' }, catalogue).objective?.id).toBe('classification');
  });

  test('nothing is sent before everything is chosen', () => {
    const half = { ...draft, modelId: undefined };
    expect(configOf(half, resolveChoices(half, catalogue), {})).toBeUndefined();
  });

  test('values out of range are found here, at the path the host would name', () => {
    const wrong = { ...draft, methodOptions: { rank: 0 } };
    const choices = resolveChoices(wrong, catalogue);
    const config = configOf(wrong, choices, {});
    expect(config && checkConfig(config, choices, {})).toMatchObject([
      { code: 'option.outOfRange', path: 'method.options.rank' },
    ]);
  });
});

describe('the sample project', () => {
  test('takes the model made for the task', () => {
    const { datasets, models, methods, objectives } = catalogue;
    const recipe = findSampleRecipe('classification', datasets, models, methods, objectives);
    expect([recipe?.model.id, recipe?.method.id]).toEqual(['m', 'full']);
  });

  test('is absent when its data is gone or only looks like it', () => {
    const { models, methods, objectives } = catalogue;
    expect(findSampleRecipe('classification', [], models, methods, objectives)).toBeUndefined();
    const own = [{ ...dataset, source: 'file' as const }];
    expect(findSampleRecipe('classification', own, models, methods, objectives)).toBeUndefined();
  });
});
