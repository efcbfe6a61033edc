import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Task, modelTypeSchema, taskSchema } from '../../src-main/contract/methods.ts';
import { checkOptions } from '../../src-main/contract/options.ts';
import { keep, scope } from '../../src-main/engine/autodiff/scope.ts';
import { withoutGradient } from '../../src-main/engine/autodiff/tape.ts';
import type { Parameter } from '../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import type { BatchPlace } from '../../src-main/engine/data/collate.ts';
import { type Example, unlabelled } from '../../src-main/engine/data/examples.ts';
import { loadTokenizer } from '../../src-main/engine/data/tokenizer.ts';
import { methods } from '../../src-main/engine/methods/registry.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import type { Model, Pass } from '../../src-main/engine/models/model.ts';
import type { OpenObjective } from '../../src-main/engine/objectives/objective.ts';
import { objectiveFor } from '../../src-main/engine/objectives/registry.ts';
import { fromValues } from '../../src-main/engine/ops/index.ts';
import { loraDefaults } from '../unit/engine/methods/loraDefaults.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { compareSteps } from './recordedSteps.ts';
import { type Recording, readRecording, recorded, recordedFiles, recordedFolder } from './recordings.ts';

// Expected numbers: tests/reference/pairs.py, with the settings named there.

const promptLengths = [3, 2, 4];
const scores = [0.9, 0.1, 0.5, 0.7];

const folder = join(recordedFolder, 'pairs');
const cases = readdirSync(folder).map((file) => {
  const [modelType, task, method, pooling, kind] = file.split('.');
  return {
    file,
    modelType: modelTypeSchema.parse(modelType),
    task: taskSchema.parse(task),
    method: method === 'lora' ? ('lora' as const) : ('full' as const),
    pooling,
    kind,
  };
});
type Case = (typeof cases)[number];

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

function openObjective({ task, pooling, kind }: Case): OpenObjective {
  const objective = objectiveFor(task);
  const asked =
    task === 'preference'
      ? { beta: 0.4 }
      : { temperature: 0.2, symmetric: kind === 'symmetric', pooling: pooling ?? '' };
  const { values, problems } = checkOptions(objective.spec.options, asked, '');
  expect(problems).toEqual([]);
  const tokenizer = loadTokenizer(recordedFiles('tokenizers/wordpiece'), 'tokenizers/wordpiece');
  return objective.open({ tokenizer, labels: [], options: values, trainRows: [] });
}

/** The ids of one half of the pairs, without padding. */
function rowsOf(recording: Recording, part: 'first' | 'second'): number[][] {
  const { shape, values } = recorded(recording, `${part}.input_ids`);
  const seen = recorded(recording, `${part}.attention_mask`).values;
  const [rows = 0, time = 0] = shape;
  return Array.from({ length: rows }, (_, row) =>
    Array.from(values.subarray(row * time, (row + 1) * time)).filter(
      (_id, place) => seen[row * time + place] === 1,
    ),
  );
}

function makeExamples(recording: Recording, { task, kind }: Case): Example[] {
  const seconds = rowsOf(recording, 'second');
  const make = (ids: readonly number[], row: number): Example => ({
    ids,
    typeIds: null,
    target:
      task === 'preference'
        ? ids.map((id, place) => (place < (promptLengths[row] ?? 0) ? unlabelled : id))
        : kind === 'scores'
          ? (scores[row] ?? 0)
          : [],
  });
  return rowsOf(recording, 'first').map((ids, row) => ({
    ...make(ids, row),
    partner: make(seconds[row] ?? [], row),
  }));
}

/** What is trained by the names of the recording, at the values it began with. */
function startFrom(trainable: readonly Parameter[], recording: Recording): Map<string, Parameter> {
  const names = [...recording.keys()].flatMap((name) => (name.startsWith('start.') ? [name.slice(6)] : []));
  return new Map(
    names.map((name) => {
      const parameter = trainable.find((one) => one.name === name || `base_model.model.${one.name}` === name);
      if (parameter === undefined) throw new Error(`Nothing is trained here for ${name}.`);
      const { values, shape } = recorded(recording, `start.${name}`);
      parameter.assign(scope(() => keep(fromValues(backend, values, shape, 'float32'))));
      return [name, parameter];
    }),
  );
}

/** Examples with what the objective wants to know of the model before training. */
function refer(objective: OpenObjective, examples: readonly Example[], model: Model, place: BatchPlace) {
  let references: (readonly number[])[] = [];
  withoutGradient(() => scope(() => void (references = objective.refer?.(model, examples, place) ?? [])));
  return examples.map((example, row) => ({
    ...example,
    ...(references[row] ? { reference: references[row] } : {}),
  }));
}

it.each(cases)('$file: losses, gradients and five steps', (one) => {
  const recording = readRecording(join(folder, one.file));
  const { modelType } = one;
  const task: Task = one.task;
  const model = loadModel({ files: recordedFiles(modelType), folder: modelType, backend, task, seed: 0 });
  const objective = openObjective(one);
  const place = { backend, padId: 0 };
  const examples = refer(objective, makeExamples(recording, one), model, place);
  const attached =
    one.method === 'lora'
      ? methods.lora.attach(model, { ...loraDefaults, rank: 4, alpha: 8 }, 0)
      : methods.full.attach(model, { layerDecay: 1 }, 0);
  const trained = startFrom(attached.trainable, recording);
  expect(trained.size).toBe(attached.trainable.length);
  const pass: Pass = { training: true, random: { seed: 0, next: () => 0 } };
  compareSteps(trained, recording, () => objective.measure(model, examples, place, pass).loss);
  attached.detach();
  model.dispose();
});
