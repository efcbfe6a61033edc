import { beforeAll, describe, expect, it } from 'vitest';
import { checkOptions } from '../../../../src-main/contract/options.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { freezing } from '../../../../src-main/engine/methods/freezing/attach.ts';
import { methods } from '../../../../src-main/engine/methods/registry.ts';
import { freezingSpec } from '../../../../src-main/engine/methods/freezing/spec.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import { outlineModel } from '../../../../src-main/engine/models/outline.ts';
import { recordedFiles } from '../../../parity/recordings.ts';
import { loadTestBackend } from '../testBackend.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadTestBackend();
});

type ModelType = 'bert' | 'gpt2';
const optionsOf = (options: object) => checkOptions(freezingSpec.options, { ...options }, '').values;

function loadLabelled(modelType: ModelType) {
  const labels = ['yes', 'no', 'maybe'];
  const files = recordedFiles(modelType);
  return loadModel({ files, folder: modelType, backend, task: 'classification', labels, seed: 1 });
}

/** Names of what is trained, blocks by their number, everything else by its name without `.weight` and `.bias`. */
function trained(modelType: ModelType, options: object): string[] {
  const model = loadLabelled(modelType);
  const attached = freezing.attach(model, optionsOf(options), 0);
  const names = attached.trainable.map(({ name }) => {
    const block = model.hooks.blocks.findIndex(({ path }) => name.startsWith(`${path}.`));
    return block >= 0 ? String(block) : name.replace(/\.(weight|bias)$/, '');
  });
  attached.detach();
  model.dispose();
  return [...new Set(names)];
}

describe('freezing', () => {
  it('trains the last layers and what stands above them', () => {
    expect(trained('bert', { lastLayers: 1 })).toEqual(['1', 'bert.pooler.dense', 'classifier']);
    expect(trained('gpt2', { lastLayers: 1 })).toEqual(['1', 'transformer.ln_f', 'score']);
    expect(trained('gpt2', { lastLayers: 0 })).toEqual(['transformer.ln_f', 'score']);
  });

  it('trains exactly the layers that are named, and the embeddings on request', () => {
    expect(trained('gpt2', { layers: [0] })).toEqual(['0', 'transformer.ln_f', 'score']);
    expect(trained('gpt2', { lastLayers: 0, embeddings: true })).toEqual([
      'transformer.wte',
      'transformer.wpe',
      'transformer.ln_f',
      'score',
    ]);
  });

  it('lets every lower block learn more slowly, and the embeddings slowest', () => {
    const model = loadLabelled('bert');
    const attached = methods.full.attach(model, { layerDecay: 0.5 }, 0);
    const rates = new Map([...(attached.rateFactors ?? [])].map(([{ name }, rate]) => [name, rate]));
    expect(rates.get('classifier.weight')).toBe(1);
    expect(rates.get('bert.pooler.dense.bias')).toBe(1);
    expect(rates.get('bert.encoder.layer.1.output.dense.weight')).toBe(0.5);
    expect(rates.get('bert.encoder.layer.0.output.dense.weight')).toBe(0.25);
    expect(rates.get('bert.embeddings.LayerNorm.bias')).toBe(0.125);
    expect(rates.size).toBe(model.parameters.size);
    attached.detach();
    model.dispose();
  });

  it.each([
    [{ unfreezeEverySteps: 2 }, [1, 1, 2, 2, 3, 3]],
    [{ unfreezeEverySteps: 0 }, [1, 1, 1, 2, 2, 2]],
    [{ unfreezeEverySteps: 2, embeddings: true }, [1, 1, 2, 2, 3, 3, 4]],
  ])('releases one block after the other from the top: %j', (options, depths) => {
    const model = loadLabelled('gpt2');
    const settings = optionsOf({ lastLayers: 2, gradual: true, ...options });
    const length = { totalSteps: 9, stepsPerEpoch: 3 };
    const attached = freezing.attach(model, settings, 0, { length });
    const groups = [/ln_f|score/, /h\.1\./, /h\.0\./, /wte|wpe/];
    depths.forEach((depth, index) => {
      attached.course?.beforeUpdate?.(index + 1);
      for (const { name, trainable } of attached.trainable) {
        expect(trainable, name).toBe(groups.findIndex((group) => group.test(name)) < depth);
      }
    });
    attached.detach();
    model.dispose();
  });

  it('names layers that are not there', () => {
    const outline = outlineModel(recordedFiles('bert'), 'bert', 'classification', 3);
    const codes = (options: object) => freezing.check(outline, optionsOf(options)).map(({ code }) => code);
    expect(codes({ layers: [0, 7, -1] })).toEqual(['method.noSuchLayer', 'method.noSuchLayer']);
    expect(codes({ lastLayers: 3 })).toEqual(['method.fewerLayers']);
    expect(codes({ lastLayers: 2 })).toEqual([]);
  });
});
