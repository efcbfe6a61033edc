import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Task, modelTypeSchema, taskSchema } from '../../src-main/contract/methods.ts';
import { checkOptions } from '../../src-main/contract/options.ts';
import { keep, scope } from '../../src-main/engine/autodiff/scope.ts';
import type { Parameter } from '../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { loadAdapter, writeAdapterFiles } from '../../src-main/engine/formats/peftAdapter.ts';
import type { Attached } from '../../src-main/engine/methods/method.ts';
import { findMethod } from '../../src-main/engine/methods/registry.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import type { Model } from '../../src-main/engine/models/model.ts';
import { fromValues } from '../../src-main/engine/ops/index.ts';
import type { MemoryFiles } from '../unit/engine/memoryFiles.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { expectLogits, largestGap } from './closeness.ts';
import { compareTraining, computeLogits, visibleRows } from './recordedSteps.ts';
import { writeToDisk } from './disk.ts';
import { adaptersPython, python, pythonIsRequired, runReference } from './python.ts';
import {
  type Recording,
  batchOf,
  readRecording,
  recorded,
  recordedFiles,
  recordedFolder,
} from './recordings.ts';

// Expected numbers: tests/reference/peft_methods.py and adapter_hub/record.py, with the settings named there.

const optionsOf: Readonly<Record<string, object>> = {
  houlsby: { reductionFactor: 8 },
  pfeiffer: { reductionFactor: 8 },
  ia3: {},
  'lora.dora': { rank: 4, alpha: 8, useDora: true },
  'lora.doraAll': { rank: 3, alpha: 6, useDora: true, useRslora: true, targets: ['all-linear'] },
  'lora.pissa': { rank: 4, alpha: 8, init: 'pissa' },
  'lora.words': { rank: 4, alpha: 8 },
  unipelt: { prefixLength: 3, hiddenSize: 6, reductionFactor: 8, rank: 4 },
  adalora: { initialRank: 4, targetRank: 4, alpha: 8 },
  llamaAdapter: { length: 4 },
  'llamaAdapter.upper': { length: 4, lastLayers: 1 },
  'llamaAdapter.paper': { length: 4, form: 'paper' },
  promptTuning: { virtualTokens: 3 },
  prefixTuning: { virtualTokens: 3 },
  'prefixTuning.projected': { virtualTokens: 3, projection: true, hiddenSize: 6 },
  pTuning: { virtualTokens: 3, hiddenSize: 6 },
  'pTuning.lstm': { virtualTokens: 3, hiddenSize: 6, encoder: 'lstm', encoderLayers: 2 },
};

/** Layers by the names of each model. */
const targetsOf: Readonly<Record<string, object>> = {
  'bert.classification.lora.words': { targets: ['word_embeddings', 'query'] },
  'gpt2.causalLm.lora.words': { targets: ['wte', 'c_attn'] },
  'llama.causalLm.lora.words': { targets: ['embed_tokens', 'q_proj'] },
  'gemma2.causalLm.lora.words': { targets: ['embed_tokens', 'q_proj'] },
  'qwen2.causalLm.ia3': { targets: ['q_proj', 'v_proj', 'down_proj'] },
};

/** Whose adapter was recorded; null where only numbers were. */
function libraryOf(configFile: string): 'peft' | 'adapters' | null {
  if (!existsSync(configFile)) return null;
  return readFileSync(configFile, 'utf8').includes('"peft_type"') ? 'peft' : 'adapters';
}

const cases = readdirSync(join(recordedFolder, 'methods')).map((folder) => {
  const [modelType, task, ...rest] = folder.split('.');
  const name = rest.join('.');
  const method = findMethod(rest[0] ?? '');
  if (!method) throw new Error(folder);
  const asked = { ...optionsOf[name], ...targetsOf[folder] };
  const { values: options } = checkOptions(method.spec.options, asked, '');
  return {
    folder,
    adapter: `methods/${folder}`,
    modelType: modelTypeSchema.parse(modelType),
    task: taskSchema.parse(task),
    method,
    options,
    library: libraryOf(join(recordedFolder, 'methods', folder, 'adapter_config.json')),
  };
});

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

/** What training changes by the names of the recording: PEFT puts its own before those of the model. */
function byRecordedName(attached: Attached, recording: Recording): Map<string, Parameter> {
  const names = [...recording.keys()].flatMap((name) => (name.startsWith('start.') ? [name.slice(6)] : []));
  const found = names.map((name) => {
    const parameter = attached.trainable.find((one) =>
      ['', 'base_model.model.', 'base_model.'].some((before) => before + one.name === name),
    );
    if (parameter === undefined) throw new Error(`Nothing is trained here for ${name}.`);
    return [name, parameter] as const;
  });
  expect(found.length).toBe(attached.trainable.length);
  return new Map(found);
}

/** Loads a base, attaches the method, and gives it the recording's values. */
function start({ modelType, task, method, options }: (typeof cases)[number], recording: Recording) {
  const files = recordedFiles(modelType);
  const model = loadModel({ files, folder: modelType, backend, task, seed: 0 });
  const attached = method.attach(model, options, 0);
  const trained = byRecordedName(attached, recording);
  for (const [name, parameter] of trained) {
    const { values, shape } = recorded(recording, `start.${name}`);
    expect(parameter.shape, name).toEqual(shape);
    parameter.assign(scope(() => keep(fromValues(backend, values, shape, 'float32'))));
  }
  return { files, model, attached, trained };
}

function recordingOf(folder: string): Recording {
  return readRecording(join(recordedFolder, 'methods', folder, 'training.safetensors'));
}

function logitsOf(model: Model, task: Task, recording: Recording): number[] {
  let logits: number[] = [];
  scope(() => {
    const batch = batchOf(backend, recording);
    logits = visibleRows(computeLogits(model, batch, task).values(), batch, task);
  });
  return logits;
}

/** The recorded logits of everything that is not padding. */
function expectedLogits(task: Task, recording: Recording): number[] {
  let logits: number[] = [];
  scope(() => {
    logits = visibleRows(recorded(recording, 'logits').values, batchOf(backend, recording), task);
  });
  return logits;
}

describe.each(cases)('$folder', (one) => {
  const { folder, adapter, modelType, task } = one;

  it('computes and trains as the reference does', () => {
    const recording = recordingOf(folder);
    const { model, attached, trained } = start(one, recording);
    compareTraining(model, trained, task, recording);
    attached.detach();
    model.dispose();
  });

  it.runIf(one.library !== null)('computes the same from the folder that was recorded', () => {
    const recording = recordingOf(folder);
    const files = recordedFiles(modelType, adapter);
    const model = loadModel({ files, folder: modelType, backend, task, seed: 0 });
    const before = logitsOf(model, task, recording);
    const attached = loadAdapter(files, adapter, model);
    const expected = expectedLogits(task, recording);
    expectLogits(logitsOf(model, task, recording), expected, 'logits');
    expect(largestGap(before, expected), 'the adapter changes something').toBeGreaterThan(1e-3);
    attached.detach();
    model.dispose();
  });
});

/** One adapter and the base it is for, as the reference programs are told of them. */
interface ExchangeJob {
  readonly name: string;
  readonly modelType: string;
  readonly task: string;
  readonly base: string;
  readonly adapter: string;
}

/** Writes an AdaLoRA adapter with pruned ranks, PEFT's own, as it comes back from its folder. */
function rewritePruned(files: MemoryFiles): ExchangeJob {
  files.load(join(recordedFolder, 'adalora'), 'adalora');
  const model = loadModel({ files, folder: 'bert', backend, task: 'classification', seed: 0 });
  const attached = loadAdapter(files, 'adalora', model);
  const { adapter: contents } = attached;
  if (!contents) throw new Error('AdaLoRA makes an adapter.');
  files.writeFolder('adapter/pruned', (file) =>
    writeAdapterFiles(model, contents, { baseModel: 'bert' }, file),
  );
  attached.detach();
  model.dispose();
  return {
    name: 'pruned',
    modelType: 'bert',
    task: 'classification',
    base: 'bert',
    adapter: 'adapter/pruned',
  };
}

/** Writes every adapter of a library's format and lets the library compute with it. */
function exchange(library: 'peft' | 'adapters', program: string): void {
  const target = mkdtempSync(join(tmpdir(), 'tunebench-methods-'));
  try {
    const files = recordedFiles(...new Set(cases.map(({ modelType }) => modelType)));
    const exchanged = cases.filter((one) => one.library === library);
    const jobs = exchanged.map((one): ExchangeJob => {
      const { modelType, task, folder } = one;
      const { model, attached } = start(one, recordingOf(folder));
      const contents = attached.adapter;
      if (!contents) throw new Error(`${folder} is an adapter.`);
      const adapter = `adapter/${folder}`;
      files.writeFolder(adapter, (file) =>
        writeAdapterFiles(model, contents, { baseModel: modelType }, file),
      );
      attached.detach();
      model.dispose();
      return { name: folder, modelType, task, base: modelType, adapter };
    });
    if (library === 'peft') jobs.push(rewritePruned(files));
    files.put('jobs.json', JSON.stringify(jobs));
    writeToDisk(files, target);
    runReference(program, target);
    const logits = readRecording(join(target, 'logits.safetensors'));
    for (const { folder, task } of exchanged) {
      const recording = recordingOf(folder);
      scope(() => {
        const batch = batchOf(backend, recording);
        const found = visibleRows(recorded(logits, folder).values, batch, task);
        expectLogits(found, expectedLogits(task, recording), folder);
      });
    }
    if (library === 'adapters') return;
    const pruned = readRecording(join(recordedFolder, 'adalora', 'training.safetensors'));
    expectLogits(recorded(logits, 'pruned').values, recorded(pruned, 'logits').values, 'pruned');
  } finally {
    rmSync(target, { recursive: true });
  }
}

it.runIf(python !== undefined || pythonIsRequired)(
  'PEFT loads what is written here and computes the same',
  { timeout: 300_000 },
  () => exchange('peft', 'load_back.py'),
);

it.runIf(adaptersPython !== undefined || pythonIsRequired)(
  'the adapters library loads what is written here and computes the same',
  { timeout: 300_000 },
  () => exchange('adapters', 'adapter_hub/load_back.py'),
);
