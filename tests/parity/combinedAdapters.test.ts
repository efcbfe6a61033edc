import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TunebenchError } from '../../src-main/contract/errors/index.ts';
import { scope } from '../../src-main/engine/autodiff/scope.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { loadAdapterStack } from '../../src-main/engine/formats/adapterStack.ts';
import { combineAdapters } from '../../src-main/engine/formats/combineAdapters.ts';
import { openSafetensors } from '../../src-main/engine/formats/safetensors.ts';
import { toFloat32 } from '../../src-main/engine/formats/elementTypes.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import { type Model, evaluationPass } from '../../src-main/engine/models/model.ts';
import { filled, fromValues, reshape } from '../../src-main/engine/ops/index.ts';
import type { MemoryFiles } from '../unit/engine/memoryFiles.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { largestGap } from './closeness.ts';
import { readRecording, recorded, recordedFiles, recordedFolder } from './recordings.ts';

// Several LoRA adapters on one model, against PEFT's add_weighted_adapter (tests/reference/combined_adapters.py).

const logits = readRecording(join(recordedFolder, 'combined', 'logits.safetensors'));
const folders = ['first', 'second', 'third', 'concatenated', 'averaged'].map((name) => `combined/${name}`);
const combinations = [
  { name: 'concatenated', how: 'concatenate', parts: ['first', 'second'], weights: [0.7, -1.2] },
  { name: 'averaged', how: 'average', parts: ['first', 'third'], weights: [0.5, -0.8] },
] as const;

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

function open(): { files: MemoryFiles; model: Model } {
  const files = recordedFiles('gpt2', ...folders);
  return { files, model: loadModel({ files, folder: 'gpt2', backend, task: 'causalLm', seed: 0 }) };
}

function logitsOf(model: Model): Float32Array {
  let values = new Float32Array();
  scope(() => {
    const { shape, values: ids } = recorded(logits, 'ids');
    const [rows = 0, time = 0] = shape;
    const batch = {
      inputIds: fromValues(backend, Int32Array.from(ids), shape, 'int32'),
      attentionMask: filled(backend, shape, 1, 'int32'),
      lengths: Array<number>(rows).fill(time),
    };
    const hidden = model.encode(batch, evaluationPass);
    const flat = reshape(hidden, [rows * time, model.hiddenSize]);
    values = Float32Array.from(model.vocabularyLogits(flat, evaluationPass).values());
  });
  return values;
}

function expectLogits(model: Model, name: string): void {
  const { values } = recorded(logits, name);
  const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  expect(largestGap(logitsOf(model), values)).toBeLessThan(1e-5 * scale);
}

function tensorsOf(files: MemoryFiles, folder: string): Map<string, Float32Array> {
  const path = files.join(folder, 'adapter_model.safetensors');
  const file = openSafetensors(files.open(path), path);
  const tensors = [...file.tensors].map(
    ([name, entry]) => [name, toFloat32(file.read(entry), entry.type).slice()] as const,
  );
  return new Map(tensors);
}

const usesOf = ({ parts, weights }: (typeof combinations)[number]) =>
  parts.map((part, index) => ({ folder: `combined/${part}`, weight: weights[index] ?? 0 }));

describe('a stack of adapters', () => {
  it('switches between them, adds them up by weight, and leaves the base model as it was', () => {
    const { files, model } = open();
    const base = logitsOf(model);
    const names = ['first', 'second', 'third'];
    const stack = loadAdapterStack(
      files,
      names.map((name) => ({ folder: `combined/${name}`, weight: 0 })),
      model,
    );
    expect(logitsOf(model)).toEqual(base);
    names.forEach((name, index) => {
      stack.weigh(names.map((_, other) => (other === index ? 1 : 0)));
      expectLogits(model, name);
    });
    stack.weigh([0.7, -1.2, 0]);
    expectLogits(model, 'concatenated');
    stack.detach();
    expect(logitsOf(model)).toEqual(base);
    model.dispose();
  });
});

describe.each(combinations)('adapters $name', (combination) => {
  it('have the weights PEFT gives them, and load as any other', () => {
    const { files, model } = open();
    combineAdapters(files, usesOf(combination), combination.how, 'made');
    const made = tensorsOf(files, 'made');
    const expected = tensorsOf(files, `combined/${combination.name}`);
    expect([...made.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [name, values] of expected) {
      expect(largestGap(made.get(name) ?? [], values), name).toBeLessThan(1e-6);
    }
    const stack = loadAdapterStack(files, [{ folder: 'made', weight: 1 }], model);
    expectLogits(model, combination.name);
    stack.detach();
    model.dispose();
  });
});

it('averages only adapters of one rank', () => {
  const { files, model } = open();
  const uses = ['first', 'second'].map((name) => ({ folder: `combined/${name}`, weight: 0.5 }));
  expect(() => combineAdapters(files, uses, 'average', 'made')).toThrow(TunebenchError);
  model.dispose();
});
