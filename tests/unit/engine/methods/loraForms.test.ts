import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ModelType, Task } from '../../../../src-main/contract/methods.ts';
import { keep, scope } from '../../../../src-main/engine/autodiff/scope.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { loadAdapter, writeAdapterFiles } from '../../../../src-main/engine/formats/peftAdapter.ts';
import { normalValues } from '../../../../src-main/engine/initialValues.ts';
import type { LoraOptions } from '../../../../src-main/engine/methods/lora/plan.ts';
import { methods } from '../../../../src-main/engine/methods/registry.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import type { Model } from '../../../../src-main/engine/models/model.ts';
import { add, fromValues } from '../../../../src-main/engine/ops/index.ts';
import { largestGap } from '../../../parity/closeness.ts';
import { computeLogits } from '../../../parity/recordedSteps.ts';
import { batchOf, readRecording, recordedFiles, recordedFolder } from '../../../parity/recordings.ts';
import { loadTestBackend } from '../testBackend.ts';
import { loraDefaults } from './loraDefaults.ts';

let backend: Backend;
let handles: number;
beforeAll(async () => {
  backend = await loadTestBackend();
  handles = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handles));

function logitsOf(model: Model, task: Task): number[] {
  let logits: number[] = [];
  const recording = readRecording(join(recordedFolder, model.modelType, `${task}.full.safetensors`));
  scope(() => {
    logits = Array.from(computeLogits(model, batchOf(backend, recording), task).values());
  });
  return logits;
}

const pissa: Partial<LoraOptions> = { rank: 4, alpha: 8, init: 'pissa' };
it.each<[string, ModelType, Task, Partial<LoraOptions>, boolean]>([
  ['PiSSA', 'bert', 'classification', { ...pissa, targets: ['all-linear'] }, true],
  [
    'PiSSA, rank-stabilised, by layer',
    'gpt2',
    'causalLm',
    { ...pissa, useRslora: true, rankPattern: { c_attn: 3 }, alphaPattern: { c_attn: 5 } },
    true,
  ],
  ['words', 'llama', 'causalLm', { rank: 3, targets: ['embed_tokens', 'q_proj'] }, true],
  ['words of tied embeddings', 'gpt2', 'causalLm', { rank: 3, targets: ['wte'] }, false],
])(
  '%s on %s: starts at the base, comes back from a folder, merges',
  (_, modelType, task, options, canMerge) => {
    const files = recordedFiles(modelType);
    const load = () => loadModel({ files, folder: modelType, backend, task, seed: 0 });
    const model = load();
    const before = logitsOf(model, task);
    const attached = methods.lora.attach(model, { ...loraDefaults, ...options }, 1);
    expect(logitsOf(model, task)).toEqual(before);
    for (const parameter of attached.trainable) {
      const noise = normalValues(5, parameter.name, parameter.size, 0.1);
      const moved = () => add(parameter.value, fromValues(backend, noise, parameter.shape, 'float32'));
      parameter.assign(scope(() => keep(moved())));
    }
    const expected = logitsOf(model, task);
    const limit = 1e-5 * expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    expect(largestGap(expected, before)).toBeGreaterThan(100 * limit);

    const { adapter } = attached;
    if (!adapter) expect.fail('LoRA makes an adapter.');
    files.writeFolder('ours', (file) => writeAdapterFiles(model, adapter, { baseModel: modelType }, file));
    const other = load();
    const loaded = loadAdapter(files, 'ours', other);
    expect(largestGap(logitsOf(other, task), expected)).toBeLessThan(limit);
    loaded.detach();
    other.dispose();

    expect(attached.merge !== null).toBe(canMerge);
    if (attached.merge) {
      attached.merge();
      expect(largestGap(logitsOf(model, task), expected)).toBeLessThan(limit);
    } else {
      attached.detach();
      expect(logitsOf(model, task)).toEqual(before);
    }
    model.dispose();
  },
);
