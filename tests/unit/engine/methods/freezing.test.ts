import { beforeAll, describe, expect, it } from 'vitest';
import { checkOptions } from '../../../../src-main/contract/options.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { freezing } from '../../../../src-main/engine/methods/freezing/attach.ts';
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

/** Names of what is trained, blocks by their number, everything else by its name without `.weight` and `.bias`. */
function trained(modelType: ModelType, options: object): string[] {
  const labels = ['yes', 'no', 'maybe'];
  const model = loadModel({
    files: recordedFiles(modelType),
    folder: modelType,
    backend,
    task: 'classification',
    labels,
    seed: 1,
  });
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

  it('names layers that are not there', () => {
    const outline = outlineModel(recordedFiles('bert'), 'bert', 'classification', 3);
    const codes = (options: object) => freezing.check(outline, optionsOf(options)).map(({ code }) => code);
    expect(codes({ layers: [0, 7, -1] })).toEqual(['method.noSuchLayer', 'method.noSuchLayer']);
    expect(codes({ lastLayers: 3 })).toEqual(['method.fewerLayers']);
    expect(codes({ lastLayers: 2 })).toEqual([]);
  });
});
