import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { Parameter } from '../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { loadAdapter } from '../../src-main/engine/formats/peftAdapter.ts';
import { methods } from '../../src-main/engine/methods/registry.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { compareTraining } from './recordedSteps.ts';
import { cases, readRecording, recordedFiles, recordedFolder } from './recordings.ts';

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

describe.each(cases)('$modelType, $task', ({ modelType, task }) => {
  const recordingOf = (method: string) =>
    readRecording(join(recordedFolder, modelType, `${task}.${method}.safetensors`));

  it('full fine-tuning computes what transformers computes', () => {
    const files = recordedFiles(modelType);
    const model = loadModel({ files, folder: modelType, backend, task, seed: 0 });
    const attached = methods.full.attach(model, { layerDecay: 1 }, 0);
    const trained = new Map(attached.trainable.map((parameter) => [parameter.name, parameter]));
    compareTraining(model, trained, task, recordingOf('full'));
    attached.detach();
    model.dispose();
  });

  it('an adapter written by PEFT computes and trains here as it does there', () => {
    const adapterFolder = `${modelType}/${task}.lora`;
    const files = recordedFiles(modelType, adapterFolder);
    const model = loadModel({ files, folder: modelType, backend, task, seed: 0 });
    const attached = loadAdapter(files, adapterFolder, model);
    const trained = [...(attached.adapter?.tensors ?? [])].flatMap(([name, tensor]) =>
      tensor instanceof Parameter ? [[name, tensor] as const] : [],
    );
    compareTraining(model, new Map(trained), task, recordingOf('lora'));
    attached.detach();
    model.dispose();
  });
});
