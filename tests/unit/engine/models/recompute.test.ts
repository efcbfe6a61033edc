import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../../../src-main/engine/autodiff/tape.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { methods } from '../../../../src-main/engine/methods/registry.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import type { Model, Pass } from '../../../../src-main/engine/models/model.ts';
import { crossEntropy, fromValues, indicesFrom } from '../../../../src-main/engine/ops/index.ts';
import { expectGradient } from '../../../parity/closeness.ts';
import { batchOf, readRecording, recordedFiles, recordedFolder } from '../../../parity/recordings.ts';
import { loraDefaults } from '../methods/loraDefaults.ts';
import { loadTestBackend } from '../testBackend.ts';

const dropouts = {
  bert: { hidden_dropout_prob: 0.3, attention_probs_dropout_prob: 0.2 },
  gpt2: { resid_pdrop: 0.3, attn_pdrop: 0.2, embd_pdrop: 0.1 },
  llama: { attention_dropout: 0.3 },
  mistral: { attention_dropout: 0.3 },
  gemma3_text: { attention_dropout: 0.3 },
  'deberta-v2': { hidden_dropout_prob: 0.3, attention_probs_dropout_prob: 0.2 },
  gpt_neox: { attention_dropout: 0.2, hidden_dropout: 0.3 },
};

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

/** The same draws every time. */
function makePass(recompute: Pass['recompute']): Pass {
  let drawn = 0;
  return { training: true, recompute, random: { seed: 4, next: () => drawn++ } };
}

function computeLoss(model: Model, pass: Pass) {
  const recording = readRecording(join(recordedFolder, model.modelType, 'classification.full.safetensors'));
  const batch = batchOf(backend, recording);
  const logits = model.classify(model.encode(batch, pass), batch, pass);
  return crossEntropy(logits, indicesFrom(backend, [2, 0, 1]));
}

function load(modelType: keyof typeof dropouts, changes: object): Model {
  const files = recordedFiles(modelType);
  const path = `${modelType}/config.json`;
  const config: unknown = JSON.parse(files.readText(path));
  files.put(path, JSON.stringify(Object.assign({}, config, changes)));
  return loadModel({ files, folder: modelType, backend, task: 'classification', seed: 0 });
}

describe.each(['bert', 'gpt2', 'llama', 'mistral', 'gemma3_text', 'deberta-v2', 'gpt_neox'] as const)(
  '%s',
  (modelType) => {
    it.each(['full', 'lora'] as const)('%s gets the gradients it gets without recomputing', (id) => {
      const model = load(modelType, {});
      const attached =
        id === 'full'
          ? methods.full.attach(model, { layerDecay: 1 }, 0)
          : methods.lora.attach(model, loraDefaults, 0);
      const { trainable } = attached;
      const gradients = [undefined, trainable].map((recompute) => {
        const pass = makePass(recompute);
        const loss = backpropagate(trainable, () => computeLoss(model, pass));
        return trainable.map((parameter) => {
          const values = parameter.gradient?.values() ?? [loss];
          parameter.clearGradient();
          return values;
        });
      });
      trainable.forEach(({ name }, index) => {
        expectGradient(gradients[1]?.[index] ?? [], gradients[0]?.[index] ?? [], name);
      });
      attached.detach();
      model.dispose();
    });

    it('draws the same dropout both times', () => {
      const model = load(modelType, dropouts[modelType]);
      const { trainable, detach } = methods.full.attach(model, { layerDecay: 1 }, 0);
      const lossNow = () => {
        let loss = 0;
        scope(() => {
          loss = computeLoss(model, makePass(trainable)).scalar();
        });
        return loss;
      };
      backpropagate(trainable, () => computeLoss(model, makePass(trainable)));
      // Along its gradient g the loss changes by |g|² per unit: held against central differences.
      const norm = trainable.reduce(
        (sum, { gradient }) => sum + Array.from(gradient?.values() ?? []).reduce((s, g) => s + g * g, 0),
        0,
      );
      const start = trainable.map(({ value }) => Float32Array.from(value.values()));
      const lossAt = (distance: number) => {
        trainable.forEach((parameter, index) => {
          const gradient = parameter.gradient?.values() ?? [];
          const moved = Float32Array.from(
            start[index] ?? [],
            (value, place) => value + distance * Number(gradient[place] ?? 0),
          );
          parameter.assign(fromValues(backend, moved, parameter.shape, 'float32'));
        });
        return lossNow();
      };
      const distance = 0.004 / Math.sqrt(norm);
      const slope = (lossAt(distance) - lossAt(-distance)) / (2 * distance);
      expect(Math.abs(slope / norm - 1)).toBeLessThan(0.01);
      detach();
      model.dispose();
    });
  },
);
