import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelType, Task } from '../../src-main/contract/methods.ts';
import { type OptionSpecs, type OptionValues, checkOptions } from '../../src-main/contract/options.ts';
import { scope } from '../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../src-main/engine/autodiff/tape.ts';
import type { Tensor } from '../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { writeModelFiles } from '../../src-main/engine/formats/modelFolder.ts';
import { writeAdapterFiles } from '../../src-main/engine/formats/peftAdapter.ts';
import { restoreTrainingState, writeTrainingState } from '../../src-main/engine/formats/trainingState.ts';
import { loadTrainedModel } from '../../src-main/engine/formats/trainedModel.ts';
import type { Attached, Method } from '../../src-main/engine/methods/method.ts';
import { findMethod, listMethods } from '../../src-main/engine/methods/registry.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import type { Model, ModelBatch } from '../../src-main/engine/models/model.ts';
import { outlineModel } from '../../src-main/engine/models/outline.ts';
import { crossEntropy, indicesFrom, reshape } from '../../src-main/engine/ops/index.ts';
import { AdamW } from '../../src-main/engine/optim/adamw.ts';
import { largestGap } from '../parity/closeness.ts';
import {
  batchOf,
  cases,
  readRecording,
  recordedFiles,
  recordedFolder,
  taskOf,
} from '../parity/recordings.ts';
import type { MemoryFiles } from '../unit/engine/memoryFiles.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';

// Every method on every model for every task it can do: what all of them promise.

const labels = ['yes', 'no', 'maybe'];
const pass = { training: true, random: { seed: 0, next: () => 0 } };

/** Methods whose additions are seen from the start; all others begin exactly at the base model. */
const startsElsewhere = [
  'promptTuning',
  'prefixTuning',
  'pTuning',
  'houlsby',
  'pfeiffer',
  'madx',
  'unipelt',
  'promptEnsemble',
  'noah',
];
/** Methods that change all of the model's own weights through the few numbers they add. */
const changesEverything = ['intrinsicDimension'];
/** Methods whose additions have no counterpart among the model's own weights. */
const staysBeside = [
  'promptTuning',
  'prefixTuning',
  'pTuning',
  'llamaAdapter',
  'houlsby',
  'pfeiffer',
  'madx',
  'unipelt',
  'promptEnsemble',
  'noah',
];

/** Combinations that cannot be, and the reason a person is told. */
function refusalOf(id: string, modelType: ModelType): string | null {
  const hasBiases = !['llama', 'mistral', 'qwen3', 'gemma2', 'gemma3_text', 'phi3', 't5', 'mt5'].includes(
    modelType,
  );
  return id === 'bitfit' && !hasBiases ? 'method.noBiases' : null;
}

/** Small models have few positions, and in a bottleneck of two every unit may be dead. */
const smallSettings: Readonly<Record<string, object>> = {
  promptTuning: { virtualTokens: 3 },
  prefixTuning: { virtualTokens: 3 },
  pTuning: { virtualTokens: 3, hiddenSize: 6 },
  houlsby: { reductionFactor: 4 },
  pfeiffer: { reductionFactor: 4 },
  madx: { reductionFactor: 4, activation: 'swish' },
  intrinsicDimension: { dimension: 200 },
  noah: { sizes: [1, 3], promptSizes: [2] },
  unipelt: { rank: 2, reductionFactor: 4, prefixLength: 3, hiddenSize: 6 },
  promptEnsemble: { members: 3, virtualTokens: 3 },
};

/** Every method, without dropout; then further settings that are worth a row of their own. */
const settings: readonly { readonly name: string; readonly id: string; readonly options: object }[] = [
  ...listMethods().map(({ spec: { id, options } }) => ({
    name: id,
    id,
    options: { ...('dropout' in options ? { dropout: 0 } : {}), ...smallSettings[id] },
  })),
  {
    name: 'lora on everything',
    id: 'lora',
    options: { rank: 3, targets: ['all-linear'], bias: 'all', useRslora: true, init: 'gaussian' },
  },
  {
    name: 'lora with magnitudes',
    id: 'lora',
    options: { rank: 2, targets: ['all-linear'], useDora: true },
  },
  { name: 'llamaAdapter as in the paper', id: 'llamaAdapter', options: { lastLayers: 1, form: 'paper' } },
  { name: 'ia3 on everything', id: 'ia3', options: { targets: ['all-linear'] } },
  { name: 'prompt from numbers', id: 'promptTuning', options: { virtualTokens: 4, init: 'random' } },
  {
    name: 'prefix through a network',
    id: 'prefixTuning',
    options: { virtualTokens: 3, projection: true, hiddenSize: 6 },
  },
  {
    name: 'P-tuning by LSTM',
    id: 'pTuning',
    options: { virtualTokens: 3, encoder: 'lstm', hiddenSize: 6, encoderLayers: 2 },
  },
];

const allRows = settings.flatMap(({ name, id, options }) => {
  const method = findMethod(id);
  if (!method) throw new Error(id);
  const { values } = checkOptions(method.spec.options, { ...options }, '');
  return cases
    .filter(
      ({ modelType, task }) => method.spec.tasks.includes(task) && method.spec.modelTypes.includes(modelType),
    )
    .map(({ modelType, task }) => ({ name, method, options: values, modelType, task }));
});

const rows = allRows.filter(({ method, modelType }) => refusalOf(method.spec.id, modelType) === null);
const refusedRows = allRows.flatMap((row) => {
  const reason = refusalOf(row.method.spec.id, row.modelType);
  return reason === null ? [] : [{ ...row, reason }];
});

interface Row {
  readonly method: Method;
  readonly options: OptionValues<OptionSpecs>;
  readonly modelType: ModelType;
  readonly task: Task;
}

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

function computeLogits(model: Model, batch: ModelBatch): Tensor {
  const hidden = model.encode(batch, pass);
  if (model.head === 'classes') return model.classify(hidden, batch, pass);
  const [count = 0, time = 0, width = 0] = hidden.shape;
  return model.vocabularyLogits(reshape(hidden, [count * time, width]), pass);
}

function withBatch(modelType: ModelType, use: (batch: ModelBatch) => void): void {
  const recording = readRecording(join(recordedFolder, modelType, `${taskOf(modelType)}.full.safetensors`));
  scope(() => use(batchOf(backend, recording)));
}

function logitsOf(model: Model): Float32Array {
  let logits = new Float32Array();
  withBatch(model.modelType, (batch) => {
    logits = Float32Array.from(computeLogits(model, batch).values());
  });
  return logits;
}

/** A few updates on one batch; targets are arbitrary, but always the same. */
function update(model: Model, attached: Attached, optimizer: AdamW, steps: number): number[] {
  const losses: number[] = [];
  withBatch(model.modelType, (batch) => {
    for (let step = 0; step < steps; step++) {
      const loss = backpropagate(attached.trainable, () => {
        const logits = computeLogits(model, batch);
        const [count = 0, classes = 1] = logits.shape;
        const targets = Array.from({ length: count }, (_, row) => (7 * row + 1) % classes);
        return crossEntropy(logits, indicesFrom(backend, targets));
      });
      losses.push(loss);
      optimizer.step(3e-3);
    }
  });
  return losses;
}

function train(model: Model, attached: Attached, steps: number): number[] {
  const optimizer = new AdamW(attached.trainable);
  const losses = update(model, attached, optimizer, steps);
  optimizer.dispose();
  return losses;
}

function load(files: MemoryFiles, { method, modelType, task }: Row): Model {
  const { quantization } = method;
  return loadModel({ files, folder: modelType, backend, task, labels, seed: 1, quantization });
}

function valuesOf(model: Model): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const [name, parameter] of model.parameters) {
    scope(() => void values.set(name, Float32Array.from(parameter.value.values())));
  }
  return values;
}

describe.each(rows)('$name, $modelType, $task', (row) => {
  const { method, options, modelType, task } = row;

  it('finds nothing wrong, and counts what it will train', () => {
    const files = recordedFiles(modelType);
    const outline = outlineModel(files, modelType, task, labels.length);
    expect(method.check(outline, options)).toEqual([]);
    const model = load(files, row);
    const attached = method.attach(model, options, 3);
    const sizes = attached.trainable.map(({ size }) => size);
    const { own, added } = method.count(outline, options);
    expect(own + added).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect(added).toBe([...attached.added.values()].reduce((sum, { size }) => sum + size, 0));
    expect(new Set(attached.trainable).size).toBe(attached.trainable.length);
    attached.detach();
    model.dispose();
  });

  it('starts at the base model, and leaves it as it was when taken off', () => {
    const model = load(recordedFiles(modelType), row);
    const before = logitsOf(model);
    const attached = method.attach(model, options, 3);
    if (startsElsewhere.includes(method.spec.id)) expect(logitsOf(model)).not.toEqual(before);
    else expect(logitsOf(model)).toEqual(before);
    attached.detach();
    expect(logitsOf(model)).toEqual(before);
    expect([...model.parameters.values()].filter(({ trainable }) => trainable)).toEqual([]);
    model.dispose();
  });

  it('learns, and changes only what it declares', () => {
    const model = load(recordedFiles(modelType), row);
    const attached = method.attach(model, options, 3);
    const before = valuesOf(model);
    const losses = train(model, attached, 8);
    expect(losses.at(-1)).toBeLessThan(Number(losses[0]));
    const declared = new Set(attached.trainable.map(({ name }) => name));
    for (const [name, values] of valuesOf(model)) {
      const isChanged = largestGap(values, before.get(name) ?? []) > 0;
      expect(isChanged, name).toBe(declared.has(name) || changesEverything.includes(method.spec.id));
    }
    for (const { name, value } of attached.added.values()) {
      expect(largestGap(value.values(), new Float32Array(value.size)), name).toBeGreaterThan(0);
    }
    attached.detach();
    model.dispose();
  });

  it('gives the same answers after being written and loaded, and after being merged', () => {
    const files = recordedFiles(modelType);
    const model = load(files, row);
    const attached = method.attach(model, options, 3);
    train(model, attached, 3);
    const expected = logitsOf(model);
    expect(attached.adapter === null).toBe(method.output === 'model');
    const { adapter } = attached;
    if (adapter) {
      files.writeFolder('result', (file) =>
        writeAdapterFiles(model, adapter, { baseModel: modelType }, file),
      );
    } else {
      files.writeFolder('result', (file) => writeModelFiles(files, model, file));
    }
    const { quantization } = method;
    const loaded = loadTrainedModel(
      { files, folder: modelType, backend, task, seed: 9, quantization },
      'result',
    );
    expect(loaded.model.labels).toEqual(task === 'classification' ? labels : []);
    expect(logitsOf(loaded.model)).toEqual(expected);
    loaded.attached?.detach();
    loaded.model.dispose();

    expect(attached.merge === null).toBe(staysBeside.includes(method.spec.id));
    if (attached.merge === null) {
      attached.detach();
      model.dispose();
      return;
    }
    attached.merge();
    const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    expect(largestGap(logitsOf(model), expected)).toBeLessThan(1e-5 * scale);
    files.writeFolder('merged', (file) => writeModelFiles(files, model, file));
    const merged = loadModel({ files, folder: 'merged', backend, task, seed: 9 });
    expect(logitsOf(merged)).toEqual(logitsOf(model));
    merged.dispose();
    model.dispose();
  });

  it('goes on from a checkpoint as if it had never stopped', () => {
    const files = recordedFiles(modelType);
    const start = () => {
      const model = load(files, row);
      const attached = method.attach(model, options, 3);
      const optimizer = new AdamW(attached.trainable);
      return { model, attached, optimizer };
    };
    const end = ({ model, attached, optimizer }: ReturnType<typeof start>) => {
      update(model, attached, optimizer, 2);
      const logits = logitsOf(model);
      optimizer.dispose();
      attached.detach();
      model.dispose();
      return logits;
    };
    const first = start();
    update(first.model, first.attached, first.optimizer, 2);
    const parameters = first.attached.trainable;
    writeTrainingState(files, 'state', { position: {}, parameters, optimizer: first.optimizer });
    const second = start();
    const { trainable } = second.attached;
    restoreTrainingState(files, 'state', backend, { parameters: trainable, optimizer: second.optimizer });
    expect(end(second)).toEqual(end(first));
  });
});

it.each(refusedRows)(
  '$name is refused for $modelType, $task',
  ({ method, options, modelType, task, reason }) => {
    const outline = outlineModel(recordedFiles(modelType), modelType, task, labels.length);
    expect(method.check(outline, options).map(({ code }) => code)).toEqual([reason]);
  },
);
