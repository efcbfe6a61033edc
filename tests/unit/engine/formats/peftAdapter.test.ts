import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TunebenchError } from '../../../../src-main/contract/errors/index.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import {
  loadAdapter,
  readAdapterLabels,
  writeAdapterFiles,
} from '../../../../src-main/engine/formats/peftAdapter.ts';
import {
  type TensorToWrite,
  openSafetensors,
  writeSafetensors,
} from '../../../../src-main/engine/formats/safetensors.ts';
import { loadTrainedModel } from '../../../../src-main/engine/formats/trainedModel.ts';
import type { LoraOptions } from '../../../../src-main/engine/methods/lora/plan.ts';
import { methods } from '../../../../src-main/engine/methods/registry.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import type { Model } from '../../../../src-main/engine/models/model.ts';
import { cases, recordedFiles } from '../../../parity/recordings.ts';
import { loraDefaults } from '../methods/loraDefaults.ts';
import { type MemoryFiles, collector } from '../memoryFiles.ts';
import { loadTestBackend } from '../testBackend.ts';

const labels = ['yes', 'no', '모름'];
const tensors = 'adapter/adapter_model.safetensors';
const settings = 'adapter/adapter_config.json';

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

function loadBase(files: MemoryFiles, folder: string): Model {
  return loadModel({ files, folder, backend, task: 'classification', labels, seed: 0 });
}

/** An adapter folder named `adapter`, and its base. */
function writtenAdapter(folder: 'bert' | 'gpt2', options: Partial<LoraOptions> = {}): MemoryFiles {
  const files = recordedFiles(folder);
  const model = loadBase(files, folder);
  const attached = methods.lora.attach(model, { ...loraDefaults, ...options }, 0);
  const { adapter } = attached;
  if (adapter) {
    files.writeFolder('adapter', (file) =>
      writeAdapterFiles(model, adapter, { baseModel: 'someone/some-model' }, file),
    );
  }
  attached.detach();
  model.dispose();
  return files;
}

function edit(files: MemoryFiles, change: (tensor: TensorToWrite) => TensorToWrite[]): void {
  const file = openSafetensors(files.open(tensors), tensors);
  const sink = collector();
  const list = [...file.tensors.values()].map((entry) => ({ ...entry, bytes: () => file.read(entry) }));
  writeSafetensors(sink, list.flatMap(change));
  files.put(tensors, sink.bytes());
}

function editSettings(files: MemoryFiles, changes: object): void {
  const config: unknown = JSON.parse(files.readText(settings));
  files.put(settings, JSON.stringify(Object.assign({}, config, changes)));
}

describe('a written folder', () => {
  it('names its tensors and settings as PEFT does', () => {
    const files = writtenAdapter('gpt2', { rank: 4, layers: [1], bias: 'lora_only' });
    expect(files.list('adapter')).toEqual([
      'README.md',
      'adapter_config.json',
      'adapter_model.safetensors',
      'labels.json',
    ]);
    const config: unknown = JSON.parse(files.readText(settings));
    expect(config).toMatchObject({
      peft_type: 'LORA',
      task_type: 'SEQ_CLS',
      base_model_name_or_path: 'someone/some-model',
      inference_mode: true,
      r: 4,
      lora_alpha: 16,
      target_modules: ['c_attn'],
      layers_to_transform: [1],
      bias: 'lora_only',
      fan_in_fan_out: true,
      modules_to_save: ['score'],
    });
    const keys = Object.keys(Object(config));
    expect(keys).toEqual([...keys].sort());
    const file = openSafetensors(files.open(tensors), tensors);
    const shapes = Object.fromEntries([...file.tensors.values()].map(({ name, shape }) => [name, shape]));
    expect(shapes).toEqual({
      'base_model.model.transformer.h.1.attn.c_attn.lora_A.weight': [4, 32],
      'base_model.model.transformer.h.1.attn.c_attn.lora_B.weight': [96, 4],
      'base_model.model.transformer.h.1.attn.c_attn.base_layer.bias': [96],
      'base_model.model.score.weight': [3, 32],
    });
  });

  it('lists the layers that "all-linear" stood for', () => {
    const config = JSON.parse(writtenAdapter('gpt2', { targets: ['all-linear'] }).readText(settings));
    expect(config.target_modules).toContain('transformer.h.0.mlp.c_proj');
    expect(config.target_modules).toHaveLength(8);
  });

  it('keeps the class names, and gives them back when it is loaded', () => {
    const files = writtenAdapter('bert');
    expect(readAdapterLabels(files, 'adapter')).toEqual(labels);
    const options = { files, folder: 'bert', backend, task: 'classification', seed: 0 } as const;
    const { model, attached } = loadTrainedModel(options, 'adapter');
    expect(model.labels).toEqual(labels);
    attached?.detach();
    model.dispose();
  });

  it('has a card that says how to use it', () => {
    const card = writtenAdapter('bert').readText('adapter/README.md');
    expect(card).toContain('base_model: "someone/some-model"');
    expect(card).toContain('num_labels=3');
    expect(card).toContain('2. 모름');
  });
});

describe('what is refused', () => {
  let files: MemoryFiles;
  beforeEach(() => {
    files = writtenAdapter('bert');
  });

  function refusal(base: string = 'bert'): string[] {
    const model = loadBase(files, base);
    try {
      loadAdapter(files, 'adapter', model).detach();
      return [];
    } catch (error) {
      if (!(error instanceof TunebenchError)) throw error;
      for (const { message } of error.problems) expect(message).toContain('adapter');
      expect([...model.linears.values()].every(({ transform }) => transform === null)).toBe(true);
      return error.problems.map(({ code }) => code);
    } finally {
      model.dispose();
    }
  }

  it('nothing, when all is well', () => expect(refusal()).toEqual([]));

  it('a folder that holds no adapter', () => {
    files.contents.delete(settings);
    expect(refusal()).toEqual(['adapter.noConfig']);
  });

  it('an adapter without weights', () => {
    files.contents.delete(tensors);
    expect(refusal()).toEqual(['adapter.noWeights']);
  });

  it('an adapter of another method', () => {
    editSettings(files, { peft_type: 'VERA' });
    expect(refusal()).toEqual(['adapter.wrongType']);
  });

  it('settings that cannot be followed, all at once', () => {
    editSettings(files, { use_qalora: true, bias: 'some', r: 'eight', layer_replication: [[0, 1]] });
    expect(refusal().sort()).toEqual(Array.from({ length: 4 }, () => 'adapter.badSetting'));
  });

  it('tensors that are missing', () => {
    edit(files, (tensor) => (tensor.name.endsWith('0.attention.self.query.lora_A.weight') ? [] : [tensor]));
    expect(refusal()).toEqual(['adapter.missingTensor']);
  });

  it('a head that is missing although the settings list it', () => {
    edit(files, (tensor) => (tensor.name.endsWith('classifier.bias') ? [] : [tensor]));
    expect(refusal()).toEqual(['adapter.missingTensor']);
  });

  it('tensors of another shape', () => {
    edit(files, (tensor) => [
      tensor.name.endsWith('1.attention.self.value.lora_B.weight') ? { ...tensor, shape: [8, 32] } : tensor,
    ]);
    expect(refusal()).toEqual(['adapter.wrongShape']);
  });

  it('tensors that have no place', () => {
    edit(files, (tensor) =>
      tensor.name.endsWith('classifier.bias')
        ? [tensor, { ...tensor, name: 'base_model.model.extra' }]
        : [tensor],
    );
    expect(refusal()).toEqual(['adapter.unknownTensor']);
  });

  it('an adapter of another base model', () => {
    files.load(new URL('../../../reference/recorded/gpt2', import.meta.url).pathname, 'gpt2');
    expect(new Set(refusal('gpt2'))).toContain('adapter.unknownTensor');
  });
});

describe('settings files of other programs', () => {
  it('may have keys nobody knows, and lack those with a default', () => {
    const files = writtenAdapter('bert');
    files.put(
      settings,
      JSON.stringify({
        peft_type: 'LORA',
        target_modules: ['value', 'query'],
        modules_to_save: ['classifier', 'score'],
        some_new_setting: { of: 'next year' },
      }),
    );
    const model = loadBase(files, 'bert');
    const attached = loadAdapter(files, 'adapter', model);
    expect(attached.trainable.length).toBe(2 * 2 * 2 + 2);
    attached.detach();
    model.dispose();
  });

  it('may hold the inner names of a wrapped head', () => {
    const files = writtenAdapter('bert', { bias: 'all' });
    edit(files, (tensor) =>
      tensor.name.endsWith('classifier.bias')
        ? [
            { ...tensor, name: 'base_model.model.classifier.modules_to_save.bias' },
            { ...tensor, name: 'base_model.model.classifier.original_module.bias' },
          ]
        : [tensor],
    );
    const model = loadBase(files, 'bert');
    loadAdapter(files, 'adapter', model).detach();
    model.dispose();
  });

  it.each(cases)(
    'recorded by PEFT for $modelType, $task, are written again as they were',
    ({ modelType, task }) => {
      const folder = `${modelType}/${task}.lora`;
      const files = recordedFiles(modelType, folder);
      const model = loadModel({ files, folder: modelType, backend, task, seed: 0 });
      const { adapter, detach } = loadAdapter(files, folder, model);
      if (!adapter) expect.fail('LoRA is an adapter.');
      files.writeFolder('again', (file) => writeAdapterFiles(model, adapter, { baseModel: '' }, file));
      const read = (path: string) => {
        const file = openSafetensors(files.open(path), path);
        return new Map([...file.tensors].map(([name, entry]) => [name, file.read(entry)]));
      };
      const original = read(`${folder}/adapter_model.safetensors`);
      for (const name of original.keys()) {
        // Inner names of PEFT's wrappers, written beside the plain ones with bias="all".
        if (/\.(modules_to_save|original_module)\./.test(name)) original.delete(name);
      }
      expect(new Map([...read('again/adapter_model.safetensors')].sort())).toEqual(
        new Map([...original].sort()),
      );
      detach();
      model.dispose();
    },
  );
});
