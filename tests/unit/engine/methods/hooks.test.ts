import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelType, Task } from '../../../../src-main/contract/methods.ts';
import { checkOptions } from '../../../../src-main/contract/options.ts';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../../../src-main/engine/autodiff/tape.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { findMethod } from '../../../../src-main/engine/methods/registry.ts';
import { describeConfig } from '../../../../src-main/engine/models/description.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import type { Model, ModelBatch, Pass } from '../../../../src-main/engine/models/model.ts';
import { outlineFromConfig, outlineOfModel } from '../../../../src-main/engine/models/outline.ts';
import { crossEntropy, fromValues, indicesFrom } from '../../../../src-main/engine/ops/index.ts';
import { expectGradient, largestGap } from '../../../parity/closeness.ts';
import { batchOf, readRecording, recordedFiles, recordedFolder } from '../../../parity/recordings.ts';
import { loadTestBackend } from '../testBackend.ts';

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

function choose(id: string, asked: object) {
  const method = findMethod(id);
  if (!method) throw new Error(id);
  return { method, options: checkOptions(method.spec.options, { ...asked }, '').values };
}

function load(modelType: ModelType, task: Task): Model {
  return loadModel({ files: recordedFiles(modelType), folder: modelType, backend, task, seed: 0 });
}

const beside: readonly (readonly [string, object])[] = [
  ['promptTuning', { virtualTokens: 4 }],
  ['prefixTuning', { virtualTokens: 4 }],
  ['prefixTuning', { virtualTokens: 3, projection: true, hiddenSize: 5 }],
  ['pTuning', { virtualTokens: 3, hiddenSize: 5 }],
  ['llamaAdapter', { length: 3 }],
  ['houlsby', {}],
  ['pfeiffer', {}],
  ['ia3', {}],
];

describe.each(beside)('%s %j', (id, asked) => {
  it.each(['gpt2', 'llama', 'mistral'] as const)(
    'writes on with a cache as over the whole text: %s',
    (modelType) => {
      const { method, options } = choose(id, asked);
      const model = load(modelType, 'causalLm');
      const attached = method.attach(model, options, 1);
      const ids = [5, 9, 30, 41, 12, 7, 55, 23, 18, 6];
      const pass: Pass = { training: false, random: { seed: 0, next: () => 0 } };
      const rowOf = (tokens: readonly number[]): ModelBatch => {
        const integers = (values: readonly number[]) =>
          fromValues(backend, Int32Array.from(values), [1, values.length], 'int32');
        return {
          inputIds: integers(tokens),
          attentionMask: integers(tokens.map(() => 1)),
          lengths: [tokens.length],
        };
      };
      const cache = model.makeCache();
      scope(() => {
        const whole = Array.from(model.encode(rowOf(ids), pass).values());
        const pieces = [ids.slice(0, 4), ids.slice(4, 5), ids.slice(5)].flatMap((tokens) =>
          Array.from(model.encodeCached(rowOf(tokens), cache, pass).values()),
        );
        expect(whole.length).toBe(ids.length * model.hiddenSize);
        expect(largestGap(pieces, whole)).toBeLessThan(1e-4);
      });
      cache.dispose();
      attached.detach();
      model.dispose();
    },
  );

  it.each(['bert', 'gpt2', 'llama'] as const)(
    'gets the same gradients from recomputed blocks: %s',
    (modelType) => {
      const { method, options } = choose(id, asked);
      if (!method.spec.modelTypes.includes(modelType)) return;
      const model = load(modelType, 'classification');
      const attached = method.attach(model, options, 1);
      const { trainable } = attached;
      const recording = readRecording(join(recordedFolder, modelType, 'classification.full.safetensors'));
      const gradients = [undefined, trainable].map((recompute) => {
        const pass: Pass = { training: true, recompute, random: { seed: 4, next: () => 0 } };
        backpropagate(trainable, () => {
          const batch = batchOf(backend, recording);
          const logits = model.classify(model.encode(batch, pass), batch, pass);
          return crossEntropy(logits, indicesFrom(backend, [2, 0, 1]));
        });
        return trainable.map((parameter) => {
          const values = parameter.gradient?.values() ?? [NaN];
          parameter.clearGradient();
          return values;
        });
      });
      trainable.forEach(({ name }, index) => {
        expectGradient(gradients[1]?.[index] ?? [], gradients[0]?.[index] ?? [], name);
      });
      attached.detach();
      model.dispose();
    },
  );
});

it('LoRA+ lets the second matrices and vectors learn faster', () => {
  const { method, options } = choose('lora', { rank: 2, rateRatio: 16, useDora: true });
  const model = load('bert', 'classification');
  const { trainable, rateFactors, detach } = method.attach(model, options, 1);
  for (const parameter of trainable) {
    const isFast = /lora_B|magnitude|bias/.test(parameter.name);
    expect(rateFactors?.get(parameter) ?? 1, parameter.name).toBe(isFast ? 16 : 1);
  }
  detach();
  model.dispose();
});

const bertBase = { model_type: 'bert', architectures: ['BertModel'] };
const gpt2Small = { model_type: 'gpt2' };
const llama7B = { model_type: 'llama', hidden_size: 4096, intermediate_size: 11008, num_hidden_layers: 32 };

describe('counts of published sizes, without weights', () => {
  it.each([
    ['bitfit', {}, bertBase, 'classification', 102_912 + 2 * 769],
    ['bitfit', {}, gpt2Small, 'causalLm', 102_144],
    ['ia3', {}, gpt2Small, 'causalLm', 64_512],
    ['ia3', {}, llama7B, 'causalLm', 614_400],
    ['promptTuning', { virtualTokens: 20 }, gpt2Small, 'causalLm', 15_360],
    ['prefixTuning', { virtualTokens: 10 }, gpt2Small, 'causalLm', 184_320],
    ['prefixTuning', { virtualTokens: 10, projection: true }, gpt2Small, 'causalLm', 9_857_024],
    ['pTuning', { virtualTokens: 20 }, gpt2Small, 'causalLm', 229_376],
    ['pTuning', { virtualTokens: 20, encoder: 'lstm' }, gpt2Small, 'causalLm', 1_593_344],
    ['llamaAdapter', { lastLayers: 30 }, llama7B, 'causalLm', 1_228_800 + 30],
    ['llamaAdapter', { lastLayers: 30, form: 'paper' }, llama7B, 'causalLm', 1_228_800 + 960],
    ['houlsby', { reductionFactor: 12 }, bertBase, 'classification', 2_379_264 + 2 * 769],
    ['pfeiffer', {}, bertBase, 'classification', 894_528 + 2 * 769],
    ['lora', { useDora: true, rank: 8 }, gpt2Small, 'causalLm', 294_912 + 12 * 2304],
  ] as const)('%s %j', (id, asked, config, task, expected) => {
    const { method, options } = choose(id, asked);
    const outline = outlineFromConfig(describeConfig(config, 'config.json', 'folder'), task, 2);
    expect(method.check(outline, options)).toEqual([]);
    const { own, added } = method.count(outline, options);
    expect(own + added).toBe(expected);
  });
});

describe('virtual tokens', () => {
  it.each(['promptTuning', 'prefixTuning', 'pTuning'])('%s takes positions from the text', (id) => {
    const { method, options } = choose(id, { virtualTokens: 4 });
    const model = load('gpt2', 'causalLm');
    const before = model.maximumLength;
    const attached = method.attach(model, options, 1);
    expect(model.maximumLength).toBe(before - 4);
    expect(method.positions?.(options)).toBe(4);
    attached.detach();
    expect(model.maximumLength).toBe(before);
    const tooMany = { ...options, virtualTokens: before };
    const codes = method.check(outlineOfModel(model), tooMany).map(({ code }) => code);
    expect(codes).toEqual(['method.tooManyVirtualTokens']);
    model.dispose();
  });

  it('start from a text, repeated to their number', () => {
    const { method, options } = choose('promptTuning', { virtualTokens: 5, init: 'text', initText: 'a b c' });
    const model = load('gpt2', 'causalLm');
    const attached = method.attach(model, options, 1, { tokenize: () => [7, 9, 11] });
    const [table] = attached.added.values();
    const words = Array.from(model.wordEmbedding.value.values());
    const width = model.hiddenSize;
    const expected = [7, 9, 11, 7, 9].flatMap((token) => words.slice(token * width, (token + 1) * width));
    expect(Array.from(table?.value.values() ?? [])).toEqual(expected);
    attached.detach();
    const empty = method.check(outlineOfModel(model), { ...options, initText: ' ' });
    expect(empty.map(({ code }) => code)).toEqual(['method.emptyInitText']);
    model.dispose();
  });
});
