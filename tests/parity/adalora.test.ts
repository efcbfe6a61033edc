import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkOptions } from '../../src-main/contract/options.ts';
import { keep, scope } from '../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../src-main/engine/autodiff/tape.ts';
import type { Parameter } from '../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { loadAdapter, writeAdapterFiles } from '../../src-main/engine/formats/peftAdapter.ts';
import { openSafetensors } from '../../src-main/engine/formats/safetensors.ts';
import { adalora } from '../../src-main/engine/methods/adalora/attach.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import type { Model } from '../../src-main/engine/models/model.ts';
import { fromValues } from '../../src-main/engine/ops/index.ts';
import { AdamW } from '../../src-main/engine/optim/adamw.ts';
import type { MemoryFiles } from '../unit/engine/memoryFiles.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { largestGap } from './closeness.ts';
import { computeLogits, computeLoss } from './recordedSteps.ts';
import { batchOf, readRecording, recorded, recordedFiles, recordedFolder } from './recordings.ts';

// Expected numbers: tests/reference/adalora.py, with the settings named there.

const totalSteps = 20;
const learningRate = 1e-2;
const { values: options } = checkOptions(
  adalora.spec.options,
  {
    initialRank: 4,
    targetRank: 1,
    alpha: 8,
    initialShare: 0.15,
    finalShare: 0.25,
    everySteps: 2,
    orthogonality: 0.1,
    targets: ['all-linear'],
  },
  '',
);
const recording = readRecording(join(recordedFolder, 'adalora', 'training.safetensors'));
const wrapped = 'base_model.model.';

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

function logitsOf(model: Model): number[] {
  let logits: number[] = [];
  scope(() => {
    logits = Array.from(computeLogits(model, batchOf(backend, recording), 'classification').values());
  });
  return logits;
}

function fill(parameter: Parameter): void {
  const name = parameter.name.startsWith(wrapped) ? parameter.name : wrapped + parameter.name;
  const { values, shape } = recorded(recording, `start.${name}`);
  expect(parameter.shape, name).toEqual(shape);
  parameter.assign(scope(() => keep(fromValues(backend, values, shape, 'float32'))));
}

/** An adapter's settings, without those in which the order or the base's place shows, and its tensors' shapes. */
function readFolder(files: MemoryFiles, folder: string) {
  const text = files.readText(`${folder}/adapter_config.json`);
  const config = JSON.parse(text) as Record<string, unknown>;
  const {
    target_modules: targets,
    modules_to_save: _heads,
    base_model_name_or_path: _base,
    ...settings
  } = config;
  const path = `${folder}/adapter_model.safetensors`;
  const file = openSafetensors(files.open(path), path);
  const shapes = new Map([...file.tensors].map(([name, { shape }]) => [name, shape]));
  file.close();
  return { settings, shapes, targets: Array.isArray(targets) ? targets.map(String).sort() : [] };
}

it('prunes the same ranks at the same steps as PEFT, and leaves the same adapter', () => {
  const files = recordedFiles('bert', 'adalora');
  const load = () => loadModel({ files, folder: 'bert', backend, task: 'classification', seed: 0 });
  let model = load();
  const attached = adalora.attach(model, options, 0, { length: { totalSteps, stepsPerEpoch: totalSteps } });
  attached.trainable.forEach(fill);
  const values = [...attached.added.values()].filter(({ name }) => name.endsWith('lora_E'));
  const { course } = attached;
  const optimizer = new AdamW(attached.trainable);
  scope(() => {
    const batch = batchOf(backend, recording);
    for (let step = 1; step <= totalSteps; step++) {
      const own = backpropagate(attached.trainable, () =>
        computeLoss(model, batch, 'classification', recording),
      );
      const penalty = backpropagate(attached.trainable, () => course?.penalty?.() ?? expect.fail());
      const expected = Number(recorded(recording, 'losses').values[step - 1]);
      expect(Math.abs(own + penalty - expected), `loss of step ${step}`).toBeLessThan(2e-5);
      optimizer.step(learningRate, 1, () => course?.afterUpdate?.(step, 1));
      for (const { name, value } of values) {
        const ours = Array.from(value.values());
        const theirs = Array.from(recorded(recording, `step${step}.${name}`).values);
        expect(
          ours.map((one) => one === 0),
          `${name} after step ${step}`,
        ).toEqual(theirs.map((one) => one === 0));
        expect(largestGap(ours, theirs)).toBeLessThan(2e-4);
      }
    }
  });
  optimizer.dispose();
  const { values: expected } = recorded(recording, 'logits');
  expect(largestGap(logitsOf(model), expected)).toBeLessThan(1e-3);

  const { adapter } = attached;
  if (!adapter) expect.fail('AdaLoRA makes an adapter.');
  files.writeFolder('ours', (file) => writeAdapterFiles(model, adapter, { baseModel: 'bert' }, file));
  attached.detach();
  const ours = readFolder(files, 'ours');
  const theirs = readFolder(files, 'adalora');
  expect(theirs.settings).toMatchObject(ours.settings);
  expect(ours.targets).toEqual(theirs.targets);
  expect(ours.shapes).toEqual(theirs.shapes);
  expect([...ours.shapes.values()], 'some layers lost every rank').toContainEqual([0, 1]);

  for (const [folder, limit] of [
    ['adalora', 1e-5],
    ['ours', 1e-3],
  ] as const) {
    const loaded = loadAdapter(files, folder, model);
    expect(largestGap(logitsOf(model), expected), folder).toBeLessThan(limit);
    loaded.merge?.();
    expect(largestGap(logitsOf(model), expected), `${folder}, merged`).toBeLessThan(limit);
    model.dispose();
    model = load();
  }
  model.dispose();
});
