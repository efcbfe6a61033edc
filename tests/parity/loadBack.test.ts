import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { ModelType, Task } from '../../src-main/contract/methods.ts';
import { keep, scope } from '../../src-main/engine/autodiff/scope.ts';
import type { Tensor } from '../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { writeModelFiles } from '../../src-main/engine/formats/modelFolder.ts';
import { writeAdapterFiles } from '../../src-main/engine/formats/peftAdapter.ts';
import { normalValues } from '../../src-main/engine/initialValues.ts';
import type { Attached } from '../../src-main/engine/methods/method.ts';
import type { LoraOptions } from '../../src-main/engine/methods/lora/plan.ts';
import { methods } from '../../src-main/engine/methods/registry.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import type { Model } from '../../src-main/engine/models/model.ts';
import { add, fromValues, reshape } from '../../src-main/engine/ops/index.ts';
import type { MemoryFiles } from '../unit/engine/memoryFiles.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { loraDefaults } from '../unit/engine/methods/loraDefaults.ts';
import { expectLogits } from './closeness.ts';
import { writeToDisk } from './disk.ts';
import { python, pythonIsRequired, runReference } from './python.ts';
import { batchOf, cases, readRecording, recorded, recordedFiles, recordedFolder } from './recordings.ts';

const pass = { training: false, random: { seed: 0, next: () => 0 } };
const labels = ['yes', 'no', '모름'];

/** One set of options per case, together all of them. */
const optionsOf: Readonly<Record<string, Partial<LoraOptions>>> = {
  'bert classification': { targets: ['all-linear'], bias: 'all', useRslora: true },
  'roberta classification': { targets: ['query', 'dense'], exclude: ['output.dense'] },
  'distilbert classification': { rankPattern: { v_lin: 2 }, alphaPattern: { '0.attention.q_lin': 3 } },
  'gpt2 classification': { targets: ['c_attn', 'mlp.c_proj'], bias: 'lora_only' },
  'gpt2 causalLm': { targets: ['all-linear'], loraBias: true, layers: [1] },
  'llama classification': { targets: ['.*\\.(q|up)_proj'], init: 'gaussian' },
  'llama causalLm': { modulesToSave: ['embed_tokens', 'lm_head'] },
  'mistral classification': { targets: ['q_proj', 'down_proj'], layers: [0] },
  'mistral causalLm': { targets: ['all-linear'] },
  'qwen2 classification': { targets: ['k_proj', 'o_proj'], bias: 'lora_only' },
  'qwen2 causalLm': { bias: 'all' },
};

let backend: Backend;
beforeAll(async () => {
  backend = await loadTestBackend();
});

/** Moves everything trainable away from where it started, as training would. */
function disturb(attached: Attached): void {
  for (const parameter of attached.trainable) {
    const noise = normalValues(5, parameter.name, parameter.size, 0.1);
    const moved = (value: Tensor) => add(value, fromValues(backend, noise, parameter.shape, 'float32'));
    parameter.assign(scope(() => keep(moved(parameter.value))));
  }
}

function logitsOf(model: Model, modelType: ModelType, task: Task): number[] {
  let logits: number[] = [];
  scope(() => {
    const recording = readRecording(join(recordedFolder, modelType, `${task}.full.safetensors`));
    const batch = batchOf(backend, recording);
    const hidden = model.encode(batch, pass);
    const [rows = 0, time = 0, width = 0] = hidden.shape;
    const computed =
      task === 'classification'
        ? model.classify(hidden, batch, pass)
        : model.vocabularyLogits(reshape(hidden, [rows * time, width]), pass);
    logits = Array.from(computed.values());
  });
  return logits;
}

/** Logits of the first row, which has no padding; all of them for classes. */
function comparable(logits: ArrayLike<number>, task: Task): number[] {
  const all = Array.from(logits);
  return task === 'classification' ? all : all.slice(0, all.length / 3);
}

/** Writes an adapter, the same model merged, and a fully trained one; returns what each computes here. */
function writeCase(files: MemoryFiles, modelType: ModelType, task: Task) {
  const name = `${modelType} ${task}`;
  const options = { ...loraDefaults, rank: 4, ...optionsOf[name] };
  const load = () => loadModel({ files, folder: modelType, backend, task, labels, seed: 0 });
  const jobs: Record<string, string>[] = [];
  const expected = new Map<string, number[]>();
  const note = (kind: string, model: Model, paths: Record<string, string>) => {
    jobs.push({ name: `${kind} ${name}`, modelType, task, ...paths });
    expected.set(`${kind} ${name}`, comparable(logitsOf(model, modelType, task), task));
  };

  const tuned = load();
  const attached = methods.lora.attach(tuned, options, 0);
  disturb(attached);
  const { adapter: contents } = attached;
  if (!contents) throw new Error('LoRA makes an adapter.');
  const adapter = `adapter/${name}`;
  files.writeFolder(adapter, (file) => writeAdapterFiles(tuned, contents, { baseModel: modelType }, file));
  note('adapter', tuned, { base: modelType, adapter });
  if (attached.merge) {
    attached.merge();
    files.writeFolder(`merged/${name}`, (file) => writeModelFiles(files, tuned, file));
    note('merged', tuned, { model: `merged/${name}` });
  }
  tuned.dispose();

  const whole = load();
  disturb(methods.full.attach(whole, { layerDecay: 1 }, 0));
  files.writeFolder(`full/${name}`, (file) => writeModelFiles(files, whole, file));
  note('full', whole, { model: `full/${name}` });
  whole.dispose();
  return { jobs, expected };
}

it.runIf(python !== undefined || pythonIsRequired)(
  'transformers and PEFT load what is written here and compute the same',
  { timeout: 300_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'tunebench-load-back-'));
    try {
      const files = recordedFiles(...new Set(cases.map(({ modelType }) => modelType)));
      const written = cases.map(({ modelType, task }) => writeCase(files, modelType, task));
      files.put('jobs.json', JSON.stringify(written.flatMap(({ jobs }) => jobs)));
      writeToDisk(files, folder);
      runReference('load_back.py', folder);
      const logits = readRecording(join(folder, 'logits.safetensors'));
      const expected = new Map(written.flatMap((one) => [...one.expected]));
      expect(expected.size).toBeGreaterThan(3 * cases.length - 2);
      for (const [name, found] of expected) {
        const task = name.endsWith('classification') ? 'classification' : 'causalLm';
        expectLogits(found, comparable(recorded(logits, name).values, task), name);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
