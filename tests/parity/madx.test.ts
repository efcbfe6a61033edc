import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Task } from '../../src-main/contract/methods.ts';
import { scope } from '../../src-main/engine/autodiff/scope.ts';
import type { Parameter } from '../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { loadAdapterStack } from '../../src-main/engine/formats/adapterStack.ts';
import { loadAdapter, writeAdapterFiles } from '../../src-main/engine/formats/peftAdapter.ts';
import { openSafetensors } from '../../src-main/engine/formats/safetensors.ts';
import type { Attached } from '../../src-main/engine/methods/method.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import type { Model } from '../../src-main/engine/models/model.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import type { MemoryFiles } from '../unit/engine/memoryFiles.ts';
import { expectLogits } from './closeness.ts';
import { compareTraining, computeLogits } from './recordedSteps.ts';
import { batchOf, readRecording, recorded, recordedFiles, recordedFolder } from './recordings.ts';

// Expected numbers: tests/reference/adapter_hub/madx.py (the adapters library, with the inverse of the paper).

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

const recordingOf = (name: string) => readRecording(join(recordedFolder, 'madx', name));
const languages = ['madx/english', 'madx/swahili'];

function load(files: MemoryFiles, folder: string, task: Task): Model {
  return loadModel({ files, folder, backend, task, seed: 0, labels: ['a', 'b', 'c'] });
}

function trainedOf({ trainable }: Attached): Map<string, Parameter> {
  return new Map(trainable.map((parameter) => [parameter.name, parameter]));
}

describe.each([
  { base: 'madx/model', task: 'maskedLm', adapter: 'bert.maskedLm' },
  { base: 'gpt2', task: 'causalLm', adapter: 'gpt2.causalLm' },
] as const)('the language adapter $adapter', ({ base, task, adapter }) => {
  it('computes and learns what the adapters library does', () => {
    const files = recordedFiles(base, `madx/${adapter}`);
    const model = load(files, base, task);
    const attached = loadAdapter(files, `madx/${adapter}`, model);
    compareTraining(model, trainedOf(attached), task, recordingOf(`${adapter}/training.safetensors`));
    attached.detach();
    model.dispose();
  });

  it('is written with the tensors and the configuration that the library writes', () => {
    const files = recordedFiles(base, `madx/${adapter}`);
    const model = load(files, base, task);
    const attached = loadAdapter(files, `madx/${adapter}`, model);
    const { adapter: contents } = attached;
    if (contents === null) throw new Error('The method leaves an adapter.');
    files.writeFolder('written', (file) => writeAdapterFiles(model, contents, { baseModel: base }, file));
    const read = (folder: string) => {
      const file = openSafetensors(files.open(`${folder}/adapter.safetensors`), folder);
      return [...file.tensors].map(([name, entry]) => [name, entry.shape, [...file.read(entry)]]);
    };
    const byName = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
    expect(read('written').sort(byName)).toEqual(read(`madx/${adapter}`).sort(byName));
    const config = (folder: string) =>
      JSON.parse(files.readText(`${folder}/adapter_config.json`)) as { config: object };
    expect(config(`madx/${adapter}`).config).toMatchObject(config('written').config);
    attached.detach();
    model.dispose();
  });
});

describe('a task adapter on a frozen language adapter', () => {
  it('computes and learns what the library’s stack does', () => {
    const files = recordedFiles('bert', 'madx/task', ...languages);
    const model = load(files, 'bert', 'classification');
    const stack = loadAdapterStack(files, [{ folder: 'madx/english', weight: 1 }], model);
    const attached = stack.attachAbove(() => loadAdapter(files, 'madx/task', model));
    const recording = recordingOf('task/training.safetensors');
    compareTraining(model, trainedOf(attached), 'classification', recording);
    attached.detach();
    stack.detach();
    model.dispose();
  });

  it('takes another language in its place', () => {
    const files = recordedFiles('bert', 'madx/task', ...languages);
    const model = load(files, 'bert', 'classification');
    const uses = [...languages, 'madx/task'].map((folder) => ({ folder, weight: 0 }));
    const stack = loadAdapterStack(files, uses, model);
    const swapped = recordingOf('swapped.safetensors');
    const recording = recordingOf('task/training.safetensors');
    for (const [index, name] of ['english', 'swahili'].entries()) {
      stack.weigh([index === 0 ? 1 : 0, index === 1 ? 1 : 0, 1]);
      scope(() => {
        const logits = computeLogits(model, batchOf(backend, recording), 'classification');
        expectLogits(logits.values(), recorded(swapped, name).values, name);
      });
    }
    stack.detach();
    model.dispose();
  });
});
