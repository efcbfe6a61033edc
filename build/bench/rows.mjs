/** The work that is measured: one row each. */
import { gpt2Small, llama1B, llama7B, miniLm } from './shapes.mjs';

/** @typedef {import('../../tests/bench/plan.ts').BenchPlan} BenchPlan */
/** @typedef {Omit<BenchPlan, 'workFolder' | 'maximumSteps' | 'seed' | 'row'>} Work */
/** @typedef {{ fp32?: number, bf16?: number, memory?: number, memoryBytes?: number, utilisation?: number }} Reach */
/**
 * @typedef {object} TrainingRow
 * @property {'training'} kind
 * @property {string} id a letter, and a number where a letter has several
 * @property {string} title
 * @property {Work} work
 * @property {number} warmupSteps steps before anything is measured
 * @property {number} windowSteps steps measured at a time; 0: whole runs of all epochs
 * @property {boolean} alone whether there is nothing to compare with
 * @property {number} [freeDiskBytes] what its model takes
 * @property {Reach} reach
 */
/** @typedef {{ kind: 'generation', id: string, title: string, batch: number, newTokens: number, reach: Reach }} GenerationRow */
/** @typedef {TrainingRow | GenerationRow} Row */
/** @typedef {{ model?: string, data?: string, dropout?: boolean }} Material real weights and real data, where they are */

const gibibyte = 2 ** 30;

/** @param {Material} material @returns {{ model: BenchPlan['model'], data: BenchPlan['data'] }} */
function sentences({ model, data, dropout = false }, rows = 0) {
  if (model === undefined || data === undefined) {
    return {
      model: { kind: 'random', config: miniLm, type: 'F32' },
      data: { kind: 'requests', rows: rows || 10_003, labels: 77 },
    };
  }
  return {
    model: { kind: 'folder', folder: model, dropout },
    data: { kind: 'banking77', folder: data, trainRows: rows, withTest: false },
  };
}

/** @param {string} id @param {BenchPlan['method']['options']} options */
function method(id, options = {}) {
  return { method: { id, options }, startMethod: { id, options } };
}

/** @param {Material} material @returns {TrainingRow[]} */
function encoderRows(material) {
  const common = {
    task: /** @type {const} */ ('classification'),
    maximumLength: 128,
    batchSize: 32,
    training: {},
  };
  const once = { ...common, accumulation: 1, epochs: 1 };
  const thrice = { ...common, ...sentences(material, 384), accumulation: 1, epochs: 3, learningRate: 1e-3 };
  const name = material.model === undefined ? 'MiniLM shape' : 'MiniLM-L6';
  const data = material.data === undefined ? 'made-up requests' : 'Banking77';
  const shared = /** @type {const} */ ({ kind: 'training', alone: false });
  return [
    {
      ...shared,
      id: 'A',
      title: `${name}, ${data}, batch 32: LoRA r=8 on query and value`,
      work: {
        ...once,
        ...sentences(material),
        ...method('lora', { rank: 8, alpha: 16, dropout: 0, targets: ['query', 'value'] }),
        learningRate: 2e-3,
      },
      warmupSteps: 4,
      windowSteps: 10,
      reach: { fp32: 5, bf16: 3, memory: 1 },
    },
    {
      ...shared,
      id: 'B',
      title: `${name}, ${data}, batch 32: full fine-tuning`,
      work: { ...once, ...sentences(material), ...method('full'), learningRate: 2e-4 },
      warmupSteps: 4,
      windowSteps: 6,
      reach: { fp32: 3, bf16: 2, memory: 1 },
    },
    {
      ...shared,
      id: 'C1',
      title: `${name}, ${data}, 3 epochs: last two layers and head`,
      work: { ...thrice, ...method('freezing', { lastLayers: 2 }) },
      warmupSteps: 0,
      windowSteps: 0,
      reach: { fp32: 10, bf16: 10, memory: 1 },
    },
    {
      ...shared,
      id: 'C2',
      title: `${name}, ${data}, 3 epochs: head only`,
      work: { ...thrice, ...method('head') },
      warmupSteps: 0,
      windowSteps: 0,
      reach: { fp32: 10, bf16: 10, memory: 1 },
    },
  ];
}

/** @returns {TrainingRow[]} */
function decoderRows() {
  const common = { task: /** @type {const} */ ('causalLm'), epochs: 1, learningRate: 2e-4, training: {} };
  const adapters = { rank: 16, alpha: 32, dropout: 0, targets: ['all-linear'] };
  const quantized = {
    method: { id: 'qlora', options: adapters },
    startMethod: { id: 'lora', options: adapters },
    batchSize: 1,
    accumulation: 1,
  };
  return [
    {
      kind: 'training',
      id: 'D',
      title: 'GPT-2 small shape, instructions of up to 512 tokens, batch 4 × 4: LoRA r=8 on c_attn',
      work: {
        ...common,
        model: { kind: 'random', config: gpt2Small, type: 'F32' },
        data: { kind: 'instructions', rows: 400 },
        ...method('lora', { rank: 8, alpha: 16, dropout: 0, targets: ['c_attn'] }),
        maximumLength: 512,
        batchSize: 4,
        accumulation: 4,
      },
      warmupSteps: 1,
      windowSteps: 1,
      alone: false,
      reach: { fp32: 2.5, bf16: 1.5, memory: 1, utilisation: 0.5 },
    },
    {
      kind: 'training',
      id: 'E',
      title: 'Llama shape 1.1B, sequences of 512: QLoRA NF4 r=16 on all linear layers',
      work: {
        ...common,
        ...quantized,
        model: { kind: 'random', config: llama1B, type: 'BF16' },
        data: { kind: 'texts', rows: 16, tokens: 512 },
        maximumLength: 512,
        training: { recompute: 'on' },
      },
      warmupSteps: 1,
      windowSteps: 1,
      alone: false,
      freeDiskBytes: 4 * gibibyte,
      reach: { memoryBytes: 3 * gibibyte },
    },
    {
      kind: 'training',
      id: 'F',
      title: 'Llama shape 7B, one step at 128 tokens: QLoRA NF4 r=16 on all linear layers',
      work: {
        ...common,
        ...quantized,
        startMethod: null,
        model: { kind: 'random', config: llama7B, type: 'BF16' },
        data: { kind: 'texts', rows: 1, tokens: 128 },
        maximumLength: 128,
        training: { recompute: 'on' },
      },
      warmupSteps: 0,
      windowSteps: 1,
      alone: true,
      freeDiskBytes: 15 * gibibyte,
      reach: { memoryBytes: 8 * gibibyte },
    },
  ];
}

/** @returns {GenerationRow[]} */
function generationRows() {
  return [1, 8].map((batch) => ({
    kind: 'generation',
    id: `G${batch}`,
    title: `GPT-2 small shape, 256 new tokens, batch ${batch}: generation`,
    batch,
    newTokens: 256,
    reach: { fp32: 2 },
  }));
}

/**
 * Every row, A to G.
 * @param {Material} material @returns {Row[]}
 */
export function listRows(material) {
  return [...encoderRows(material), ...decoderRows(), ...generationRows()];
}
