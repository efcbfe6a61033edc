import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { taskSchema } from '../../src-main/contract/methods.ts';
import { checkOptions } from '../../src-main/contract/options.ts';
import { scope } from '../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../src-main/engine/autodiff/tape.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import type { Example } from '../../src-main/engine/data/examples.ts';
import { loadTokenizer } from '../../src-main/engine/data/tokenizer.ts';
import { writeModelFiles } from '../../src-main/engine/formats/modelFolder.ts';
import { writeAdapterFiles } from '../../src-main/engine/formats/peftAdapter.ts';
import { loadTrainedModel } from '../../src-main/engine/formats/trainedModel.ts';
import { findMethod } from '../../src-main/engine/methods/registry.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import { type Model, evaluationPass } from '../../src-main/engine/models/model.ts';
import { outlineModel } from '../../src-main/engine/models/outline.ts';
import { objectiveFor } from '../../src-main/engine/objectives/registry.ts';
import { AdamW } from '../../src-main/engine/optim/adamw.ts';
import { readRecording, recorded, recordedFiles, recordedFolder } from '../parity/recordings.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';

// The main methods with the heads and tasks that methods.test.ts has no rows for: what every combination promises.

const methodOptions: Readonly<Record<string, object>> = {
  full: {},
  head: {},
  freezing: { lastLayers: 1 },
  bitfit: {},
  lora: { rank: 2, dropout: 0 },
  ia3: {},
  houlsby: { reductionFactor: 2 },
  promptTuning: { virtualTokens: 3 },
  prefixTuning: { virtualTokens: 3 },
};
const encoderRows = ['bert', 'distilbert', 'deberta-v2'].flatMap((modelType) =>
  ['tokenClassification', 'extractiveQa', 'maskedLm'].flatMap((task) =>
    Object.keys(methodOptions).map((id) => ({ modelType, task: taskSchema.parse(task), id })),
  ),
);
/** Tasks whose rows are two texts, on the recorded checkpoints that have any head. */
const pairRows = [
  ['bert', 'sentenceEmbedding'],
  ['llama', 'sentenceEmbedding'],
  ['gpt2', 'preference'],
  ['llama', 'preference'],
].flatMap(([modelType = '', task]) =>
  ['full', 'freezing', 'lora', 'ia3', 'houlsby', 'promptTuning', 'prefixTuning'].map((id) => ({
    modelType,
    task: taskSchema.parse(task),
    id,
  })),
);
const rows = [...encoderRows, ...pairRows];

function isPair(task: string): boolean {
  return task === 'sentenceEmbedding' || task === 'preference';
}

function folderOf({ modelType, task }: { modelType: string; task: string }): string {
  return isPair(task) ? modelType : `encoderTasks/${modelType}.${task}`;
}
/** A model whose hidden tokens are predicted by the checkpoint's own head has none that is new. */
const refused = rows.filter(({ task, id }) => task === 'maskedLm' && id === 'head');

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

function methodOf(id: string) {
  const method = findMethod(id);
  if (!method) throw new Error(id);
  const { values } = checkOptions(method.spec.options, { ...methodOptions[id] }, '');
  return { method, options: values };
}

/** Rows of the recorded input, with answers at fixed places; of pairs, each with the next one as its partner. */
function examplesOf(folder: string, task: string): Example[] {
  const name = isPair(task) ? 'classification.full.safetensors' : 'full.safetensors';
  const recording = readRecording(join(recordedFolder, folder, name));
  const { shape, values } = recorded(recording, 'input_ids');
  const [count = 0, time = 0] = shape;
  const examples = Array.from({ length: count }, (_, row) => {
    const ids = Array.from(values.slice(row * time, (row + 1) * time - row));
    if (task === 'sentenceEmbedding') return { ids, typeIds: null, target: [] };
    if (task === 'preference') {
      return { ids, typeIds: null, target: ids.map((id, place) => (place < 2 ? -100 : id)) };
    }
    const target =
      task === 'extractiveQa'
        ? [row + 1, row + 2]
        : ids.map((id, place) => (place % 3 === 0 ? -100 : task === 'maskedLm' ? id : place % 5));
    return { ids, typeIds: null, target };
  });
  if (!isPair(task)) return examples;
  return examples.slice(0, -1).flatMap((example, row) => {
    const partner = examples[row + 1];
    return partner ? [{ ...example, partner }] : [];
  });
}

it.each(refused)('$id, $modelType, $task: refused with the reason', ({ modelType, task, id }) => {
  const folder = folderOf({ modelType, task });
  const { method, options } = methodOf(id);
  const outline = outlineModel(recordedFiles(folder), folder, task, 5);
  expect(method.check(outline, options).map(({ code }) => code)).toEqual(['method.noHead']);
});

it.each(rows.filter((row) => !refused.includes(row)))('$id, $modelType, $task', ({ modelType, task, id }) => {
  const folder = folderOf({ modelType, task });
  const files = recordedFiles(folder);
  const { method, options } = methodOf(id);
  const outline = outlineModel(files, folder, task, 5);
  expect(method.check(outline, options)).toEqual([]);

  const labels = task === 'tokenClassification' ? ['O', 'B-A', 'I-A', 'B-B', 'I-B'] : undefined;
  const base = { files, folder, backend, task, ...(labels ? { labels } : {}) };
  const model = loadModel({ ...base, seed: 1 });
  const { spec, open } = objectiveFor(task);
  const tokenizer = loadTokenizer(recordedFiles('tokenizers/klue'), 'tokenizers/klue');
  const { values } = checkOptions(spec.options, {}, '');
  const objective = open({ tokenizer, labels: model.labels, options: values, trainRows: [] });
  const plain = examplesOf(folder, task);
  let references: (readonly number[])[] = [];
  scope(() => void (references = objective.refer?.(model, plain, { backend, padId: 0 }) ?? []));
  const examples = plain.map((example, row) => ({ ...example, reference: references[row] ?? [] }));

  const attached = method.attach(model, options, 3);
  const { own, added } = method.count(outline, options);
  expect(own + added).toBe(attached.trainable.reduce((sum, { size }) => sum + size, 0));
  const lossOf = (one: Model) =>
    scope(() => {
      const { loss } = objective.measure(one, examples, { backend, padId: 0 }, evaluationPass);
      return loss.scalar();
    });

  const before = new Map(
    [...model.parameters].map(([name, { value }]) => [name, Array.from(value.values())]),
  );
  const optimizer = new AdamW(attached.trainable);
  const losses = Array.from({ length: 6 }, () => {
    const loss = backpropagate(
      attached.trainable,
      () => objective.measure(model, examples, { backend, padId: 0 }, evaluationPass).loss,
    );
    optimizer.step(5e-3);
    return loss;
  });
  optimizer.dispose();
  expect(losses.at(-1)).toBeLessThan(Number(losses[0]));
  const declared = new Set(attached.trainable.map(({ name }) => name));
  for (const [name, { value }] of model.parameters)
    if (!declared.has(name)) expect(Array.from(value.values()), name).toEqual(before.get(name));

  const expected = lossOf(model);
  const { adapter } = attached;
  files.writeFolder('result', (file) =>
    adapter
      ? writeAdapterFiles(model, adapter, { baseModel: folder }, file)
      : writeModelFiles(files, model, file),
  );
  const loaded = loadTrainedModel({ ...base, seed: 9 }, 'result');
  expect(lossOf(loaded.model)).toBe(expected);
  loaded.attached?.detach();
  loaded.model.dispose();
  if (attached.merge) {
    attached.merge();
    expect(lossOf(model)).toBeCloseTo(expected, 5);
  } else attached.detach();
  model.dispose();
});
