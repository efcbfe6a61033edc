import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import {
  type TensorToWrite,
  openSafetensors,
  writeSafetensors,
} from '../../../../src-main/engine/formats/safetensors.ts';
import { bytesOf, toFloat32 } from '../../../../src-main/engine/formats/elementTypes.ts';
import { makeTrainable } from '../../../../src-main/engine/methods/ownWeights.ts';
import { type LoadOptions, loadModel } from '../../../../src-main/engine/models/load.ts';
import type { Model } from '../../../../src-main/engine/models/model.ts';
import { architectures } from '../../../../src-main/engine/models/registry.ts';
import { largestGap } from '../../../parity/closeness.ts';
import {
  batchOf,
  modelTypes,
  readRecording,
  recordedFiles,
  recordedFolder,
} from '../../../parity/recordings.ts';
import { type MemoryFiles, collector } from '../memoryFiles.ts';
import { loadTestBackend } from '../testBackend.ts';

const pass = { training: false, random: { seed: 0, next: () => 0 } };

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

function rewrite(
  files: MemoryFiles,
  folder: string,
  edit: (tensor: TensorToWrite) => TensorToWrite | TensorToWrite[],
): MemoryFiles {
  const path = `${folder}/model.safetensors`;
  const file = openSafetensors(files.open(path), path);
  const tensors = [...file.tensors.values()].map((entry) => ({ ...entry, bytes: () => file.read(entry) }));
  const sink = collector();
  writeSafetensors(sink, tensors.flatMap(edit));
  return files.put(path, sink.bytes());
}

function load(files: MemoryFiles, options: Partial<LoadOptions> & { folder: string }): Model {
  return loadModel({ files, backend, task: 'classification', seed: 0, ...options });
}

function logitsOf(model: Model): Float32Array {
  let logits = new Float32Array();
  scope(() => {
    const recording = readRecording(join(recordedFolder, model.modelType, 'classification.full.safetensors'));
    const batch = batchOf(backend, recording);
    logits = Float32Array.from(model.classify(model.encode(batch, pass), batch, pass).values());
  });
  return logits;
}

/** Loads, looks, and lets go. */
function withModel<Result>(model: Model, look: (model: Model) => Result): Result {
  const result = look(model);
  model.dispose();
  return result;
}

const valuesOf = (model: Model, name: string) => model.parameters.get(name)?.value.values() ?? [];

describe('names of tensors', () => {
  it.each(modelTypes.filter((modelType) => architectures[modelType].prefix !== ''))(
    'of a %s body saved without its prefix are found',
    (folder) => {
      const expected = withModel(load(recordedFiles(folder), { folder }), logitsOf);
      const { prefix } = architectures[folder];
      const files = rewrite(recordedFiles(folder), folder, (tensor) => ({
        ...tensor,
        name: tensor.name.startsWith(prefix) ? tensor.name.slice(prefix.length) : tensor.name,
      }));
      expect(withModel(load(files, { folder }), logitsOf)).toEqual(expected);
    },
  );

  it('of norms may be the old gamma and beta', () => {
    const expected = withModel(load(recordedFiles('bert'), { folder: 'bert' }), logitsOf);
    const files = rewrite(recordedFiles('bert'), 'bert', (tensor) => ({
      ...tensor,
      name: tensor.name
        .replace('LayerNorm.weight', 'LayerNorm.gamma')
        .replace('LayerNorm.bias', 'LayerNorm.beta'),
    }));
    expect(withModel(load(files, { folder: 'bert' }), logitsOf)).toEqual(expected);
  });

  it('that nobody asks for are left alone', () => {
    const files = rewrite(recordedFiles('bert'), 'bert', (tensor) =>
      tensor.name === 'classifier.bias'
        ? [
            tensor,
            { ...tensor, name: 'cls.predictions.bias' },
            {
              name: 'bert.embeddings.position_ids',
              type: 'I64',
              shape: [1, 2],
              bytes: () => new Uint8Array(16),
            },
          ]
        : tensor,
    );
    expect(withModel(load(files, { folder: 'bert' }), (model) => model.parameters.size)).toBe(
      withModel(load(recordedFiles('bert'), { folder: 'bert' }), (model) => model.parameters.size),
    );
  });
});

describe('the head', () => {
  const without = (pattern: RegExp) =>
    rewrite(recordedFiles('bert'), 'bert', (tensor) => (pattern.test(tensor.name) ? [] : tensor));

  it('comes from the checkpoint where it has one for these labels', () => {
    const model = load(recordedFiles('bert'), { folder: 'bert', labels: ['a', 'b', 'c'] });
    const saved = readRecording(join(recordedFolder, 'bert', 'model.safetensors')).get('classifier.weight');
    expect(valuesOf(model, 'classifier.weight')).toEqual(saved?.values);
    model.dispose();
  });

  it('is started anew, from the seed, where the checkpoint has none', () => {
    const start = (seed: number) =>
      withModel(load(without(/^classifier/), { folder: 'bert', seed }), (model) => ({
        weight: Float32Array.from(valuesOf(model, 'classifier.weight')),
        bias: Array.from(valuesOf(model, 'classifier.bias')),
      }));
    const { weight, bias } = start(1);
    expect(bias).toEqual([0, 0, 0]);
    const deviation = Math.sqrt(weight.reduce((sum, value) => sum + value * value, 0) / weight.length);
    expect(deviation).toBeGreaterThan(0.015);
    expect(deviation).toBeLessThan(0.025);
    expect(start(1).weight).toEqual(weight);
    expect(start(2).weight).not.toEqual(weight);
  });

  it('is started anew for another number of labels, and for labels of other names', () => {
    const saved = withModel(load(recordedFiles('bert'), { folder: 'bert' }), (model) =>
      Array.from(valuesOf(model, 'classifier.weight')),
    );
    withModel(load(recordedFiles('bert'), { folder: 'bert', labels: ['a', 'b'] }), (model) => {
      expect(model.parameters.get('classifier.weight')?.shape).toEqual([2, 32]);
    });
    const named = recordedFiles('bert');
    const config: unknown = JSON.parse(named.readText('bert/config.json'));
    const id2label = { 0: 'x', 1: 'y', 2: 'z' };
    named.put('bert/config.json', JSON.stringify(Object.assign({}, config, { id2label })));
    withModel(load(named, { folder: 'bert', labels: ['a', 'b', 'c'] }), (model) => {
      expect(Array.from(valuesOf(model, 'classifier.weight'))).not.toEqual(saved);
    });
    withModel(load(named, { folder: 'bert' }), (model) => {
      expect(model.labels).toEqual(['x', 'y', 'z']);
      expect(Array.from(valuesOf(model, 'classifier.weight'))).toEqual(saved);
    });
  });

  it('takes in the pooler where the checkpoint has none', () => {
    withModel(load(recordedFiles('bert'), { folder: 'bert' }), (model) => {
      expect(model.headNames).toEqual(['classifier.weight', 'classifier.bias']);
      expect(model.linears.has('bert.pooler.dense')).toBe(true);
    });
    withModel(load(without(/pooler/), { folder: 'bert' }), (model) => {
      expect(model.headModules).toEqual(['bert.pooler', 'classifier']);
      expect(model.headNames).toContain('bert.pooler.dense.weight');
      expect(model.linears.has('bert.pooler.dense')).toBe(false);
    });
  });

  it('needs a label', () => {
    expect(() => load(recordedFiles('bert'), { folder: 'bert', labels: [] })).toThrow('at least one');
  });
});

it('says which tasks a model can do when asked for another', () => {
  expect(() => load(recordedFiles('bert'), { folder: 'bert', task: 'causalLm' })).toThrow('causalLm');
});

describe('16-bit weights', () => {
  /** The checkpoint with every weight cut to its upper 16 bits. */
  function halved(): MemoryFiles {
    return rewrite(recordedFiles('llama'), 'llama', (tensor) => {
      const upper = Uint16Array.from(
        new Uint32Array(toFloat32(tensor.bytes(), 'F32').slice().buffer),
        (bits) => bits >>> 16,
      );
      return { ...tensor, type: 'BF16', bytes: () => bytesOf(upper) };
    });
  }

  it('are computed with in float32 unless asked otherwise', () => {
    withModel(load(halved(), { folder: 'llama' }), (model) => {
      expect([...model.parameters.values()].every(({ value }) => value.dtype === 'float32')).toBe(true);
    });
  });

  it('are kept for matrices of the body when asked, and become float32 when trained', () => {
    const expected = withModel(load(halved(), { folder: 'llama' }), logitsOf);
    withModel(load(halved(), { folder: 'llama', weightType: 'bfloat16' }), (model) => {
      const kept = [...model.parameters].filter(([, { value }]) => value.dtype === 'bfloat16');
      const linears = [...model.linears.keys()].map((path) => `${path}.weight`);
      expect(kept.map(([name]) => name)).toEqual(['model.embed_tokens.weight', ...linears]);
      const size = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
      expect(largestGap(logitsOf(model), expected)).toBeLessThan(0.05 * size);
      const [linear] = model.linears.values();
      if (linear) makeTrainable(linear.weight);
      expect(linear?.weight.value.dtype).toBe('float32');
    });
  });

  it('are made from float32 files too', () => {
    withModel(load(recordedFiles('llama'), { folder: 'llama', weightType: 'bfloat16' }), (model) => {
      const [linear] = model.linears.values();
      expect(linear?.weight.value.dtype).toBe('bfloat16');
    });
  });
});

describe('4-bit weights', () => {
  it.each(['llama', 'gpt2', 'bert'])(
    "of %s are those of its linear layers, near the checkpoint's",
    (folder) => {
      const plain = load(recordedFiles(folder), { folder });
      const expected = logitsOf(plain);
      const model = load(recordedFiles(folder), { folder, quantization: 'nf4' });
      const packed = [...model.parameters.values()].filter(({ isPacked }) => isPacked);
      expect(packed.map(({ name }) => name)).toEqual(
        [...model.linears.keys()].map((path) => `${path}.weight`),
      );
      for (const { name, shape, value } of plain.parameters.values()) {
        const own = model.parameters.get(name);
        expect(own?.shape).toEqual(shape);
        scope(() => {
          const values = Float32Array.from(value.values());
          const size = values.reduce((largest, one) => Math.max(largest, Math.abs(one)), 0);
          // Half of the widest gap between two levels, and what 8-bit scales lose.
          expect(largestGap(own?.value.values() ?? [], values), name).toBeLessThan(0.17 * size);
        });
      }
      const gap = largestGap(logitsOf(model), expected);
      expect(gap).toBeGreaterThan(0);
      expect(gap).toBeLessThan(0.7 * expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
      plain.dispose();
      model.dispose();
    },
  );

  it('come from 16-bit files and are computed with in 16 bits when asked', () => {
    const options = { folder: 'llama', quantization: 'nf4', weightType: 'bfloat16' } as const;
    withModel(load(recordedFiles('llama'), options), (model) => {
      const [linear] = model.linears.values();
      expect([linear?.weight.isPacked, linear?.weight.dtype]).toEqual([true, 'bfloat16']);
      expect(logitsOf(model).every(Number.isFinite)).toBe(true);
    });
  });
});
