import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taskSchema } from '../../src-main/contract/methods.ts';
import { checkOptions } from '../../src-main/contract/options.ts';
import { keep, scope } from '../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../src-main/engine/autodiff/tape.ts';
import type { Tensor } from '../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import type { Example } from '../../src-main/engine/data/examples.ts';
import { loadTokenizer } from '../../src-main/engine/data/tokenizer.ts';
import { writeModelFiles } from '../../src-main/engine/formats/modelFolder.ts';
import { writeAdapterFiles } from '../../src-main/engine/formats/peftAdapter.ts';
import { normalValues } from '../../src-main/engine/initialValues.ts';
import type { Attached } from '../../src-main/engine/methods/method.ts';
import { methods } from '../../src-main/engine/methods/registry.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import type { Model } from '../../src-main/engine/models/model.ts';
import { objectiveFor } from '../../src-main/engine/objectives/registry.ts';
import { add, fromValues, reshape, slice } from '../../src-main/engine/ops/index.ts';
import { AdamW } from '../../src-main/engine/optim/adamw.ts';
import type { MemoryFiles } from '../unit/engine/memoryFiles.ts';
import { loraDefaults } from '../unit/engine/methods/loraDefaults.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { expectGradient, expectLogits, expectWeights, largestGap } from './closeness.ts';
import { writeToDisk } from './disk.ts';
import { python, pythonIsRequired, runReference } from './python.ts';
import { learningRate, optimizerOptions, visibleRows } from './recordedSteps.ts';
import {
  type Recording,
  batchOf,
  readRecording,
  recorded,
  recordedFiles,
  recordedFolder,
} from './recordings.ts';

// Expected numbers: tests/reference/encoder_tasks.py (torch and transformers).

const folder = join(recordedFolder, 'encoderTasks');
const names = readdirSync(folder).sort();
const steps = 5;
const stillPass = { training: false, random: { seed: 0, next: () => 0 } };
const pass = { training: true, random: { seed: 0, next: () => 0 } };

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

function rowsOf(recording: Recording, name: string): number[][] {
  const { shape, values } = recorded(recording, name);
  const [rows = 0, width = 1] = shape;
  return Array.from({ length: rows }, (_, row) => Array.from(values.slice(row * width, (row + 1) * width)));
}

/** The right answers of each row, as the objective takes them. */
function targetsOf(recording: Recording, task: string): (number | number[])[] {
  if (task === 'extractiveQa') {
    const [starts, ends] = ['start_positions', 'end_positions'].map((name) =>
      Array.from(recorded(recording, name).values),
    );
    return (starts ?? []).map((start, row) => [start, ends?.[row] ?? 0]);
  }
  if (task === 'regression') return Array.from(recorded(recording, 'labels').values);
  const rows = rowsOf(recording, 'labels');
  return task === 'multiLabel'
    ? rows.map((row) => row.flatMap((on, label) => (on > 0 ? [label] : [])))
    : rows;
}

function examplesOf(recording: Recording, task: string): Example[] {
  const targets = targetsOf(recording, task);
  const types = recording.has('token_type_ids') ? rowsOf(recording, 'token_type_ids') : null;
  const seen = rowsOf(recording, 'attention_mask').map((row) => row.filter((one) => one === 1).length);
  const perToken = task === 'tokenClassification' || task === 'maskedLm';
  return rowsOf(recording, 'input_ids').map((ids, row) => {
    const target = targets[row] ?? 0;
    return {
      ids: ids.slice(0, seen[row]),
      typeIds: types?.[row]?.slice(0, seen[row]) ?? null,
      target: perToken && typeof target !== 'number' ? target.slice(0, seen[row]) : target,
    };
  });
}

function load(files: MemoryFiles, name: string) {
  const [, taskName] = name.split('.');
  const task = taskSchema.parse(taskName);
  const recording = readRecording(join(folder, name, 'full.safetensors'));
  const model = loadModel({ files, folder: `encoderTasks/${name}`, backend, task, seed: 0 });
  const { spec, open } = objectiveFor(task);
  const { values: options } = checkOptions(spec.options, {}, 'objective');
  const tokenizer = loadTokenizer(recordedFiles('tokenizers/klue'), 'tokenizers/klue');
  const objective = open({ tokenizer, labels: model.labels, options, trainRows: [] });
  return { task, recording, model, objective };
}

describe.each(names)('%s', (name) => {
  it('computes and trains as transformers does', () => {
    const { task, recording, model, objective } = load(recordedFiles(`encoderTasks/${name}`), name);
    const attached = methods.full.attach(model, { layerDecay: 1 }, 0);
    const place = { backend, padId: Number(recorded(recording, 'input_ids').values.at(-1)) };
    const examples = examplesOf(recording, task);
    scope(() => {
      const batch = batchOf(backend, recording);
      const hidden = model.encode(batch, pass);
      const flat = reshape(hidden, [-1, model.hiddenSize]);
      const logits =
        model.head === 'classes'
          ? model.classify(hidden, batch, pass)
          : model.head === 'maskedToken'
            ? model.vocabularyLogits(flat, pass)
            : model.scoreTokens(flat, pass);
      const compared = model.head === 'classes' ? 'classification' : 'causalLm';
      const expected = recorded(recording, 'logits').values;
      expectLogits(
        visibleRows(logits.values(), batch, compared),
        visibleRows(expected, batch, compared),
        'logits',
      );

      const trained = new Map(attached.trainable.map((parameter) => [parameter.name, parameter]));
      const optimizer = new AdamW(attached.trainable, optimizerOptions);
      const smallest = new Map<string, Float32Array>();
      const { values: losses } = recorded(recording, 'losses');
      for (let step = 1; step <= steps; step++) {
        const loss = backpropagate(
          trained.values(),
          () => objective.measure(model, examples, place, pass).loss,
        );
        expect(Math.abs(loss - Number(losses[step - 1])), `loss of step ${step}`).toBeLessThanOrEqual(1e-5);
        for (const [parameter, { gradient, size }] of trained) {
          const found = gradient ? Float32Array.from(gradient.values()) : new Float32Array(size);
          if (step === 1 && recording.has(`gradient.${parameter}`))
            expectGradient(found, recorded(recording, `gradient.${parameter}`).values, parameter);
          const before = smallest.get(parameter);
          const sizes = found.map(Math.abs);
          smallest.set(
            parameter,
            before ? sizes.map((one, index) => Math.min(one, before[index] ?? one)) : sizes,
          );
        }
        optimizer.step(learningRate);
      }
      for (const [parameter, { value }] of trained) {
        if (!recording.has(`step${steps}.${parameter}`)) continue;
        const { values } = recorded(recording, `step${steps}.${parameter}`);
        const limits = { updates: steps, learningRate };
        expectWeights(value.values(), values, smallest.get(parameter) ?? [], limits, parameter);
      }
      const recordedNames = [...recording.keys()].filter((key) => key.startsWith('gradient.'));
      expect(recordedNames.every((key) => trained.has(key.slice('gradient.'.length)))).toBe(true);
      optimizer.dispose();
    });
    attached.detach();
    model.dispose();
  });
});

/** Logits of the first recorded row, which has no padding; all rows' where whole texts are scored. */
function logitsOf(model: Model, recording: Recording): number[] {
  return scope(() => {
    const batch = batchOf(backend, recording);
    const hidden = model.encode(batch, stillPass);
    if (model.head === 'classes') return Array.from(model.classify(hidden, batch, stillPass).values());
    const [, time = 0, width = 0] = hidden.shape;
    const first = reshape(slice(hidden, [0, 0, 0], [1, time, width]), [time, width]);
    const logits =
      model.head === 'maskedToken'
        ? model.vocabularyLogits(first, stillPass)
        : model.scoreTokens(first, stillPass);
    return Array.from(logits.values());
  });
}

/** Moves everything trainable away from where it started, as training would. */
function disturb({ trainable }: Attached): void {
  for (const parameter of trainable) {
    const noise = normalValues(5, parameter.name, parameter.size, 0.1);
    const moved = (value: Tensor) => add(value, fromValues(backend, noise, parameter.shape, 'float32'));
    parameter.assign(scope(() => keep(moved(parameter.value))));
  }
}

/** Whole models and adapters as we write them, and the logits they give here. */
function writeResults(files: MemoryFiles, name: string) {
  const [modelType = '', task = ''] = name.split('.');
  const jobs: object[] = [];
  const expected = new Map<string, number[]>();
  // Questions are recorded without padding; the reference reads the padded rows of all other tasks.
  const padded = readRecording(join(folder, `${modelType}.maskedLm`, 'full.safetensors'));
  for (const kind of ['full', 'lora'] as const) {
    const { model } = load(files, name);
    const attached =
      kind === 'full'
        ? methods.full.attach(model, { layerDecay: 1 }, 0)
        : methods.lora.attach(model, { ...loraDefaults, rank: 3, targets: ['all-linear'] }, 0);
    disturb(attached);
    const target = `${kind}/${name}`;
    const { adapter } = attached;
    files.writeFolder(target, (file) =>
      adapter === null
        ? writeModelFiles(files, model, file)
        : writeAdapterFiles(model, adapter, { baseModel: name }, file),
    );
    const paths = adapter === null ? { model: target } : { base: `encoderTasks/${name}`, adapter: target };
    jobs.push({ name: target, modelType, task, ...paths });
    expected.set(target, logitsOf(model, padded));
    attached.detach();
    model.dispose();
  }
  return { jobs, expected };
}

it.runIf(python !== undefined || pythonIsRequired)(
  'transformers and PEFT load what is written and compute the same',
  { timeout: 300_000 },
  () => {
    const target = mkdtempSync(join(tmpdir(), 'tunebench-tasks-'));
    try {
      const files = recordedFiles(...names.map((name) => `encoderTasks/${name}`));
      const written = names.map((name) => writeResults(files, name));
      writeToDisk(files, target);
      writeFileSync(join(target, 'jobs.json'), JSON.stringify(written.flatMap(({ jobs }) => jobs)));
      runReference('load_back.py', target);
      const found = readRecording(join(target, 'logits.safetensors'));
      for (const { expected } of written)
        for (const [name, logits] of expected)
          expectLogits(logits, recorded(found, name).values.slice(0, logits.length), name);
    } finally {
      rmSync(target, { recursive: true });
    }
  },
);

it.runIf(python !== undefined || pythonIsRequired)(
  'transformers still computes what is recorded',
  { timeout: 300_000 },
  () => {
    const target = mkdtempSync(join(tmpdir(), 'tunebench-tasks-'));
    try {
      runReference('encoder_tasks.py', target);
      for (const name of names) {
        const now = readRecording(join(target, 'encoderTasks', name, 'full.safetensors'));
        const before = readRecording(join(folder, name, 'full.safetensors'));
        expect([...now.keys()].sort(), name).toEqual([...before.keys()].sort());
        for (const [tensor, { values }] of before) {
          const limit = tensor.startsWith('step') ? 2 * learningRate * steps : 1e-5 * Math.max(1, ...values);
          expect(largestGap(recorded(now, tensor).values, values), `${name} ${tensor}`).toBeLessThanOrEqual(
            limit,
          );
        }
      }
    } finally {
      rmSync(target, { recursive: true });
    }
  },
);
