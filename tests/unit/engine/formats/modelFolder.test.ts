import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TunebenchError } from '../../../../src-main/contract/errors/index.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { inspectModelFolder, writeModelFiles } from '../../../../src-main/engine/formats/modelFolder.ts';
import {
  type TensorToWrite,
  openSafetensors,
  writeSafetensors,
} from '../../../../src-main/engine/formats/safetensors.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import { recordedFiles } from '../../../parity/recordings.ts';
import { type MemoryFiles, collector } from '../memoryFiles.ts';
import { loadTestBackend } from '../testBackend.ts';

const weights = 'llama/model.safetensors';

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

/** Tasks of a head that scores whole texts. */
const judging = ['classification', 'multiLabel', 'regression'];

/** A complete model folder named `llama`. */
function wholeFolder(modelType: 'llama' | 'bert' = 'llama'): MemoryFiles {
  return recordedFiles(modelType).put(`${modelType}/tokenizer.json`, '{}');
}

function readTensors(files: MemoryFiles, path: string): TensorToWrite[] {
  const file = openSafetensors(files.open(path), path);
  return [...file.tensors.values()].map((entry) => ({ ...entry, bytes: () => file.read(entry) }));
}

function put(files: MemoryFiles, path: string, tensors: readonly TensorToWrite[]): void {
  const sink = collector();
  writeSafetensors(sink, tensors);
  files.put(path, sink.bytes());
}

function change(files: MemoryFiles, edit: (tensors: TensorToWrite[]) => TensorToWrite[]): MemoryFiles {
  put(files, weights, edit(readTensors(files, weights)));
  return files;
}

function changeConfig(files: MemoryFiles, changes: object): MemoryFiles {
  const config: unknown = JSON.parse(files.readText('llama/config.json'));
  return files.put('llama/config.json', JSON.stringify(Object.assign({}, config, changes)));
}

function problemsOf(files: MemoryFiles, folder = 'llama'): { code: string; message: string }[] {
  try {
    inspectModelFolder(files, folder);
    return [];
  } catch (error) {
    if (!(error instanceof TunebenchError)) throw error;
    return error.problems.map(({ code, message }) => ({ code, message }));
  }
}

const codesOf = (files: MemoryFiles, folder?: string) => problemsOf(files, folder).map(({ code }) => code);

describe('a whole folder', () => {
  it('of a decoder is described', () => {
    expect(inspectModelFolder(wholeFolder(), 'llama')).toEqual({
      modelType: 'llama',
      // Embeddings and output 2 · 60 · 32; per block q, o 2 · 32², k, v 2 · 16 · 32, feed-forward 3 · 32 · 48, norms 2 · 32.
      parameters: 2 * 60 * 32 + 2 * (2 * 32 * 32 + 2 * 16 * 32 + 3 * 32 * 48 + 2 * 32) + 32,
      hiddenSize: 32,
      layers: 2,
      vocabularySize: 60,
      maximumLength: 20,
      tasks: [...judging, 'causalLm', 'sentenceEmbedding', 'preference'],
      linearNames: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'],
      labels: ['LABEL_0', 'LABEL_1', 'LABEL_2'],
    });
  });

  it('of an encoder is described without its head', () => {
    const facts = inspectModelFolder(wholeFolder('bert'), 'bert');
    const bodyNames = readTensors(wholeFolder('bert'), 'bert/model.safetensors').filter(
      ({ name }) => !name.startsWith('classifier'),
    );
    const expected = bodyNames.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(facts).toMatchObject({
      tasks: [...judging, 'tokenClassification', 'extractiveQa', 'sentenceEmbedding'],
      parameters: expected,
    });
    expect(facts.linearNames).toEqual(['query', 'key', 'value', 'dense']);
  });

  it('without an output layer is for classification only', () => {
    const files = change(wholeFolder(), (tensors) => tensors.filter(({ name }) => name !== 'lm_head.weight'));
    expect(inspectModelFolder(files, 'llama').tasks).toEqual([...judging, 'sentenceEmbedding']);
  });
});

describe('what is refused, with everything that is wrong', () => {
  it('a folder without config.json', () => {
    expect(problemsOf(recordedFiles().put('photos/cat.png', ''), 'photos')).toEqual([
      { code: 'modelFolder.noConfig', message: expect.stringContaining('photos') },
    ]);
  });

  it('an architecture nobody knows, by name', () => {
    const [problem] = problemsOf(changeConfig(wholeFolder(), { model_type: 'mamba' }));
    expect(problem).toMatchObject({ code: 'model.unsupportedArchitecture' });
    expect(problem?.message).toContain('mamba');
  });

  it('a config.json that is no JSON', () => {
    expect(codesOf(wholeFolder().put('llama/config.json', '{'))).toEqual(['modelFolder.badJson']);
  });

  it('settings that are wrong or cannot be computed', () => {
    const files = changeConfig(wholeFolder(), {
      hidden_size: -1,
      hidden_act: 'mish',
      num_key_value_heads: 3,
      rope_parameters: { rope_type: 'proportional', factor: 2 },
      quantization_config: { bits: 4 },
    });
    expect(codesOf(files)).toEqual([
      'model.unsupportedSetting',
      'model.badSetting',
      'model.notDivisible',
      'model.unsupportedSetting',
      'model.unsupportedSetting',
    ]);
  });

  it('weights that are missing, a tokenizer that is missing: both at once', () => {
    const files = recordedFiles('llama');
    files.contents.delete(weights);
    expect(codesOf(files)).toEqual(['modelFolder.noTokenizer', 'modelFolder.noWeights']);
  });

  it('pickle files', () => {
    const files = wholeFolder().put('llama/pytorch_model.bin', 'x');
    files.contents.delete(weights);
    const [problem] = problemsOf(files);
    expect(problem?.code).toBe('modelFolder.pickleWeights');
    expect(problem?.message).toContain('pytorch_model.bin');
  });

  it('a truncated file', () => {
    const files = wholeFolder();
    files.put(weights, (files.contents.get(weights) ?? new Uint8Array()).slice(0, -1));
    expect(codesOf(files)).toEqual(['safetensors.outside']);
  });

  it('every tensor that is missing or has another shape or type, by name', () => {
    const files = change(wholeFolder(), (tensors) =>
      tensors.flatMap((tensor) => {
        if (tensor.name === 'model.norm.weight') return [];
        if (tensor.name.endsWith('0.self_attn.q_proj.weight')) return [{ ...tensor, shape: [16, 64] }];
        if (tensor.name.endsWith('1.self_attn.q_proj.weight')) return [{ ...tensor, type: 'I32' as const }];
        return [tensor];
      }),
    );
    const problems = problemsOf(files);
    expect(problems.map(({ code }) => code)).toEqual([
      'modelFolder.wrongShape',
      'modelFolder.notFloat',
      'modelFolder.missingTensor',
    ]);
    expect(problems[0]?.message).toMatch(/layers\.0\.self_attn\.q_proj\.weight.*\[16, 64\].*\[32, 32\]/);
    expect(problems[2]?.message).toMatch(/model\.norm\.weight.*\[32\]/);
  });
});

describe('weights in several files', () => {
  /** The recorded model split in two, with an index. */
  function shardedFolder(edit: (map: Record<string, string>) => void = () => {}): MemoryFiles {
    const files = wholeFolder();
    const tensors = readTensors(files, weights);
    const half = tensors.length / 2;
    put(files, 'llama/a.safetensors', tensors.slice(0, half));
    put(files, 'llama/b.safetensors', tensors.slice(half));
    const map = Object.fromEntries(
      tensors.map(({ name }, index) => [name, index < half ? 'a.safetensors' : 'b.safetensors']),
    );
    edit(map);
    files.contents.delete(weights);
    return files.put('llama/model.safetensors.index.json', JSON.stringify({ weight_map: map }));
  }

  it('are read as one', () => {
    expect(inspectModelFolder(shardedFolder(), 'llama')).toEqual(inspectModelFolder(wholeFolder(), 'llama'));
    const options = { folder: 'llama', backend, task: 'causalLm', seed: 0 } as const;
    const [sharded, whole] = [shardedFolder(), wholeFolder()].map((files) =>
      loadModel({ files, ...options }),
    );
    for (const [name, parameter] of whole?.parameters ?? []) {
      expect(sharded?.parameters.get(name)?.value.values(), name).toEqual(parameter.value.values());
    }
    sharded?.dispose();
    whole?.dispose();
  });

  it('a missing one is named', () => {
    const files = shardedFolder();
    files.contents.delete('llama/b.safetensors');
    const [problem] = problemsOf(files);
    expect(problem).toMatchObject({ code: 'modelFolder.missingShard' });
    expect(problem?.message).toContain('b.safetensors');
  });

  it('a tensor that is not where the index says is named', () => {
    const files = shardedFolder((map) => (map['model.norm.weight'] = 'a.safetensors'));
    expect(codesOf(files)).toEqual(['modelFolder.notInShard']);
  });

  it('an index cannot lead out of the folder', () => {
    const files = shardedFolder((map) => (map['model.norm.weight'] = '../other/a.safetensors'));
    expect(codesOf(files)).toEqual(['modelFolder.badIndex']);
  });

  it('a damaged index is refused', () => {
    const files = shardedFolder().put('llama/model.safetensors.index.json', '{"weight_map": 3}');
    expect(codesOf(files)).toEqual(['modelFolder.badIndex']);
  });
});

describe('a written folder', () => {
  it('has the labels, the class, and the tokenizer of its base', () => {
    const files = wholeFolder().put('llama/tokenizer_config.json', '{"a":1}').put('llama/README.md', 'base');
    const labels = ['no', 'yes'];
    const model = loadModel({ files, folder: 'llama', backend, task: 'classification', labels, seed: 0 });
    files.writeFolder('out', (file) => writeModelFiles(files, model, file, { problem_type: 'x' }));
    model.dispose();
    expect(files.list('out')).toEqual([
      'config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    expect(files.readText('out/tokenizer_config.json')).toBe('{"a":1}');
    expect(JSON.parse(files.readText('out/config.json'))).toMatchObject({
      architectures: ['LlamaForSequenceClassification'],
      id2label: { 0: 'no', 1: 'yes' },
      label2id: { no: 0, yes: 1 },
      problem_type: 'x',
      torch_dtype: 'float32',
    });
    expect(inspectModelFolder(files, 'out')).toMatchObject({
      labels,
      tasks: [...judging, 'sentenceEmbedding'],
    });
  });

  it('of a decoder without a padding id gets one, since transformers asks for it', () => {
    const files = changeConfig(wholeFolder(), { pad_token_id: null, eos_token_id: [2, 3] });
    const model = loadModel({ files, folder: 'llama', backend, task: 'classification', seed: 0 });
    files.writeFolder('out', (file) => writeModelFiles(files, model, file));
    model.dispose();
    expect(JSON.parse(files.readText('out/config.json'))).toMatchObject({ pad_token_id: 2 });
  });
});
