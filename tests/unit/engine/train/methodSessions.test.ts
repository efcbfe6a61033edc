import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TunebenchError } from '../../../../src-main/contract/errors/index.ts';
import { loadPredictor, mergeModel } from '../../../../src-main/engine/index.ts';
import { openSafetensors } from '../../../../src-main/engine/formats/safetensors.ts';
import { backend, files, folder, resultBytes, setUpSessions, stopAfter, train } from './sessions.ts';
import { makeTinyJob } from './tinyProject.ts';
import { labelsOf } from '../../../support/predictions.ts';

// Whole runs of methods that add something other than LoRA's matrices.

setUpSessions();

it.each([
  [
    'promptTuning',
    { virtualTokens: 4, init: 'text', initText: 'the gate' },
    ['adapter_model.safetensors'],
    false,
  ],
  ['houlsby', { reductionFactor: 4 }, ['adapter.safetensors', 'model_head.safetensors'], false],
  ['ia3', {}, ['adapter_model.safetensors'], true],
  ['promptEnsemble', { members: 3, virtualTokens: 4 }, ['adapter_model.safetensors'], false],
  [
    'unipelt',
    { rank: 2, reductionFactor: 4, hiddenSize: 8 },
    ['adapter.safetensors', 'model_head.safetensors'],
    false,
  ],
  ['bitfit', {}, ['model.safetensors'], true],
] as const)('%s leaves a result that predicts', async (id, options, weights, canMerge) => {
  const job = makeTinyJob(folder, {
    method: { id, options },
    training: { learningRate: 5e-3, epochs: 1, batchSize: 4, seed: 1 },
  });
  expect((await train(job)).outcome).toBe('completed');
  expect(Object.keys(resultBytes(job)).sort()).toEqual([...weights].sort());
  const trainedFolder = join(job.runFolder, 'result');
  const model = { modelFolder: job.modelFolder, trainedFolder, task: 'classification' as const };
  const predictor = loadPredictor({ model, backend, files });
  const [prediction] = predictor.predict([{ text: 'the gate' }]);
  expect(
    labelsOf(prediction)
      .map(({ label }) => label)
      .sort(),
  ).toEqual(['garden', 'gate', 'kettle', 'keys']);
  predictor.dispose();
  const merge = () => mergeModel({ model, targetFolder: join(folder, 'merged'), backend, files });
  if (canMerge) merge();
  else expect(merge).toThrow(TunebenchError);
});

it.each([
  [
    'a prefix that is trained through a network',
    'causalLm',
    { id: 'prefixTuning', options: { virtualTokens: 3, projection: true, hiddenSize: 8 } },
  ],
  [
    'AdaLoRA in the middle of pruning',
    'causalLm',
    { id: 'adalora', options: { initialRank: 4, targetRank: 2, everySteps: 2, finalShare: 0.2 } },
  ],
  [
    'a model that is unfrozen step by step',
    'classification',
    { id: 'freezing', options: { lastLayers: 2, gradual: true, unfreezeEverySteps: 3, layerDecay: 0.8 } },
  ],
  ['NOAH before its search', 'classification', { id: 'noah', options: { population: 4, generations: 2 } }],
] as const)('%s goes on where it was stopped, to the same bytes', async (_, task, method) => {
  const make = (name: string) =>
    makeTinyJob(join(folder, name), {
      task,
      method: { ...method, options: { ...method.options } },
      training: { learningRate: 5e-3, epochs: 1, batchSize: 4, seed: 1 },
    });
  const whole = make('whole');
  await train(whole);
  const broken = make('broken');
  expect((await train(broken, stopAfter(4))).outcome).toBe('stopped');
  expect((await train({ ...broken, resume: true })).outcome).toBe('completed');
  expect(resultBytes(broken)).toEqual(resultBytes(whole));
});

it('NOAH writes the sub-network it found, which keeps to its budget', async () => {
  const budget = 1500;
  const job = makeTinyJob(folder, {
    method: { id: 'noah', options: { population: 4, generations: 1, maximumParameters: budget } },
    training: { learningRate: 5e-3, epochs: 1, batchSize: 4, seed: 1 },
  });
  const { events } = await train(job);
  const result = join(job.runFolder, 'result');
  const path = join(result, 'adapter_model.safetensors');
  const file = openSafetensors(files.open(path), path);
  const sizes = [...file.tensors.values()]
    .filter(({ name }) => name.includes('noah'))
    .map(({ shape }) => shape.reduce((product, length) => product * length, 1));
  file.close();
  const added = sizes.reduce((sum, size) => sum + size, 0);
  expect(added).toBeGreaterThan(0);
  expect(added).toBeLessThanOrEqual(budget);
  const model = { modelFolder: job.modelFolder, trainedFolder: result, task: 'classification' as const };
  const predictor = loadPredictor({ model, backend, files });
  expect(labelsOf(predictor.predict([{ text: 'the gate' }])[0])).toHaveLength(4);
  predictor.dispose();
  expect(events.at(-1)).toMatchObject({ event: 'finished', outcome: 'completed' });
});

it('virtual tokens shrink the length a text may have', async () => {
  const job = makeTinyJob(folder, {
    objective: { maximumLength: 62 },
    method: { id: 'promptTuning', options: { virtualTokens: 4 } },
  });
  const error: unknown = await train(job).catch((thrown: unknown) => thrown);
  const codes = error instanceof TunebenchError ? error.problems.map(({ code }) => code) : [];
  expect(codes).toEqual(['run.lengthBeyondModel']);
});
