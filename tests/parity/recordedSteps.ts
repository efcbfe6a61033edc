import { expect } from 'vitest';
import type { Task } from '../../src-main/contract/methods.ts';
import { scope } from '../../src-main/engine/autodiff/scope.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { backpropagate } from '../../src-main/engine/autodiff/tape.ts';
import type { Parameter, Tensor } from '../../src-main/engine/autodiff/tensor.ts';
import type { Model, ModelBatch, Pass } from '../../src-main/engine/models/model.ts';
import { crossEntropy, gatherRows, indicesFrom, reshape } from '../../src-main/engine/ops/index.ts';
import { AdamW } from '../../src-main/engine/optim/adamw.ts';
import { expectGradient, expectLogits, expectWeights } from './closeness.ts';
import { type Recording, batchOf, recorded } from './recordings.ts';

// Expected numbers: tests/reference/record.py (torch, transformers, peft), with the settings named there.
export const learningRate = 1e-3;
export const optimizerOptions = { weightDecay: 0.01 };
const steps = 5;

const pass: Pass = { training: true, random: { seed: 0, next: () => 0 } };

export function backendOf(model: Model): Backend {
  const { backend } = scope(() => ({ backend: model.wordEmbedding.value.backend }));
  return backend;
}

/** Logits of the whole batch: of each row, or of each position `[batch · time, vocabulary]`. */
export function computeLogits(model: Model, batch: ModelBatch, task: Task): Tensor {
  const hidden = model.encode(batch, pass);
  if (task === 'classification') return model.classify(hidden, batch, pass);
  const [rows = 0, time = 0, width = 0] = hidden.shape;
  return model.vocabularyLogits(reshape(hidden, [rows * time, width]), pass);
}

/** Mean cross-entropy as transformers takes it: next tokens for causalLm, nothing at −100. */
export function computeLoss(model: Model, batch: ModelBatch, task: Task, recording: Recording): Tensor {
  const logits = computeLogits(model, batch, task);
  const { values: labels, shape } = recorded(recording, 'labels');
  if (task === 'classification') return crossEntropy(logits, indicesFrom(logits.backend, [...labels]));
  const [, time = 0] = shape;
  // A decoder of its own is fed the answers one token on; a hidden token stands at its own place.
  const ahead = batch.answer || task === 'maskedLm' ? 0 : 1;
  const places = Array.from(labels.keys()).filter(
    (place) => place % time < time - ahead && Number(labels[place + ahead]) !== -100,
  );
  return crossEntropy(
    gatherRows(logits, indicesFrom(logits.backend, places)),
    indicesFrom(
      logits.backend,
      places.map((place) => Number(labels[place + ahead])),
    ),
  );
}

/** Recorded values at the positions that are not padding: what a model computes at padding is nobody's business. */
export function visibleRows(values: ArrayLike<number>, batch: ModelBatch, task: Task): number[] {
  if (task === 'classification') return Array.from(values);
  const { inputIds, lengths } = batch.answer ?? batch;
  const [, time = 0] = inputIds.shape;
  const width = values.length / (lengths.length * time);
  return lengths.flatMap((length, row) =>
    Array.from({ length: length * width }, (_, index) => Number(values[row * time * width + index])),
  );
}

/** Keeps the smallest gradient each element has had. */
function noteSmallest(smallest: Map<string, Float32Array>, trained: ReadonlyMap<string, Parameter>): void {
  for (const [name, { gradient }] of trained) {
    const before = smallest.get(name);
    const sizes = Float32Array.from(gradient?.values() ?? [], Math.abs);
    smallest.set(name, before ? sizes.map((size, index) => Math.min(size, before[index] ?? size)) : sizes);
  }
}

/** Trains five steps and compares everything with the recording. */
export function compareTraining(
  model: Model,
  trained: ReadonlyMap<string, Parameter>,
  task: Task,
  recording: Recording,
): void {
  scope(() => {
    const batch = batchOf(backendOf(model), recording);
    const logits = computeLogits(model, batch, task);
    const expected = recorded(recording, 'logits').values;
    expectLogits(visibleRows(logits.values(), batch, task), visibleRows(expected, batch, task), 'logits');
    compareSteps(trained, recording, () => computeLoss(model, batch, task, recording));
  });
}

/** Trains five steps on a loss and compares losses, gradients and weights with the recording. */
export function compareSteps(
  trained: ReadonlyMap<string, Parameter>,
  recording: Recording,
  lossOf: () => Tensor,
): void {
  const gradientNames = [...recording.keys()].filter((name) => name.startsWith('gradient.'));
  expect([...trained.keys()].sort()).toEqual(
    gradientNames.map((name) => name.slice('gradient.'.length)).sort(),
  );
  scope(() => {
    const optimizer = new AdamW([...trained.values()], optimizerOptions);
    const smallest = new Map<string, Float32Array>();
    const { values: losses } = recorded(recording, 'losses');
    for (let step = 1; step <= steps; step++) {
      const loss = backpropagate(trained.values(), lossOf);
      expect(Math.abs(loss - Number(losses[step - 1])), `loss of step ${step}`).toBeLessThanOrEqual(1e-5);
      if (step === 1) {
        for (const [name, { gradient }] of trained) {
          if (gradient === null) expect.fail(`${name} has no gradient.`);
          expectGradient(gradient.values(), recorded(recording, `gradient.${name}`).values, name);
        }
      }
      noteSmallest(smallest, trained);
      optimizer.step(learningRate);
      if (step !== 1 && step !== steps) continue;
      for (const [name, { value }] of trained) {
        const { values } = recorded(recording, `step${step}.${name}`);
        const limits = { updates: step, learningRate };
        const what = `${name} after ${step} steps`;
        expectWeights(value.values(), values, smallest.get(name) ?? [], limits, what);
      }
    }
    optimizer.dispose();
  });
}
