import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../../../src-main/engine/autodiff/tape.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { methods } from '../../../../src-main/engine/methods/registry.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import {
  type Model,
  type ModelBatch,
  type Pass,
  evaluationPass,
} from '../../../../src-main/engine/models/model.ts';
import { distanceBucket } from '../../../../src-main/engine/models/relativeBias.ts';
import { filled, indicesFrom, mean, reshape, slice, square } from '../../../../src-main/engine/ops/index.ts';
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

// T5Attention._relative_position_bucket of transformers 5.23, from which distance on each next bucket is meant.
it.each([
  [
    { bothWays: false, buckets: 32, maximumDistance: 128 },
    [16, 19, 21, 24, 27, 31, 35, 40, 46, 52, 59, 67, 77, 87, 99, 113],
  ],
  [{ bothWays: true, buckets: 32, maximumDistance: 128 }, [8, 12, 16, 23, 32, 46, 64, 91]],
])('distances have the buckets of transformers: %o', (buckets, borders) => {
  const near = Math.floor((buckets.bothWays ? buckets.buckets / 2 : buckets.buckets) / 2);
  const bucketOf = (distance: number) => distanceBucket(-distance, buckets);
  for (let distance = 0; distance < near; distance++) expect(bucketOf(distance)).toBe(distance);
  borders.forEach((border, index) => {
    expect([bucketOf(border - 1), bucketOf(border)]).toEqual([near + index - 1, near + index]);
  });
  expect(bucketOf(100_000)).toBe(near + borders.length - 1);
  expect(distanceBucket(5, buckets)).toBe(buckets.bothWays ? buckets.buckets / 2 + 5 : 0);
});

function load(modelType: 't5' | 'mt5'): Model {
  const files = recordedFiles(modelType);
  return loadModel({ files, folder: modelType, backend, task: 'seq2seq', seed: 0 });
}

function withBatch(use: (batch: ModelBatch) => void): void {
  const recording = readRecording(join(recordedFolder, 't5', 'seq2seq.full.safetensors'));
  scope(() => use(batchOf(backend, recording)));
}

/** Column `from` up to `to` of the answers, as generation feeds them. */
function columns({ answer }: ModelBatch, from: number, to: number): ModelBatch {
  if (!answer) throw new Error('The recording has answers.');
  const [rows = 0] = answer.inputIds.shape;
  return {
    inputIds: slice(answer.inputIds, [0, from], [rows, to - from]),
    attentionMask: filled(backend, [rows, to - from], 1, 'int32'),
    lengths: answer.lengths.map(() => to - from),
  };
}

it.each(['t5', 'mt5'] as const)('%s writes the same token by token as all at once', (modelType) => {
  const model = load(modelType);
  const attached = methods.promptTuning.attach(model, { virtualTokens: 3, init: 'random', initText: '' }, 1);
  withBatch((batch) => {
    const whole = model.encode(batch, evaluationPass);
    const [rows = 0, time = 0, width = 0] = whole.shape;
    const cache = model.makeCache(batch);
    for (let from = 0; from < time; from += 2) {
      const to = Math.min(time, from + 2);
      const piece = model.encodeCached(columns(batch, from, to), cache, evaluationPass);
      const same = slice(whole, [0, from, 0], [rows, to - from, width]);
      expect(largestGap(piece.values(), same.values())).toBeLessThan(1e-5);
    }
    cache.dispose();
  });
  attached.detach();
  model.dispose();
});

it('recomputed blocks give the same gradients, those of distances and of the encoded text among them', () => {
  const model = load('t5');
  const { trainable, detach } = methods.full.attach(model, { layerDecay: 1 }, 0);
  const gradients = [undefined, trainable].map((recompute) => {
    const pass: Pass = { training: true, recompute, random: { seed: 4, next: () => 0 } };
    withBatch((batch) => {
      backpropagate(trainable, () => {
        const hidden = model.encode(batch, pass);
        const [rows = 0, time = 0, width = 0] = hidden.shape;
        return mean(square(model.vocabularyLogits(reshape(hidden, [rows * time, width]), pass)));
      });
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
  detach();
  model.dispose();
});

it('padding of texts changes nothing for the answers', () => {
  const model = load('t5');
  withBatch((batch) => {
    const { answer } = batch;
    if (!answer) throw new Error('The recording has answers.');
    const together = model.encode(batch, evaluationPass).values();
    const [, time = 0] = answer.inputIds.shape;
    const length = batch.lengths[1] ?? 0;
    const own: ModelBatch = {
      inputIds: slice(batch.inputIds, [1, 0], [1, length]),
      attentionMask: slice(batch.attentionMask, [1, 0], [1, length]),
      lengths: [length],
      answer: { inputIds: slice(answer.inputIds, [1, 0], [1, time]), lengths: [time] },
    };
    const alone = model.encode(own, evaluationPass).values();
    const size = time * model.hiddenSize;
    expect(largestGap(alone, together.subarray(size, 2 * size))).toBeLessThan(1e-5);
    expect(indicesFrom(backend, [model.startToken ?? -1]).values()).toEqual(Int32Array.of(0));
  });
  model.dispose();
});
