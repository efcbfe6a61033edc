import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../../../src-main/contract/options.ts';
import type { Task } from '../../../../src-main/contract/methods.ts';
import { findMethod, methods } from '../../../../src-main/engine/methods/registry.ts';
import { describeConfig } from '../../../../src-main/engine/models/description.ts';
import { outlineFromConfig } from '../../../../src-main/engine/models/outline.ts';
import { planMemory } from '../../../../src-main/engine/train/memoryForecast.ts';
import { trainingOptions } from '../../../../src-main/engine/train/options.ts';
import { weightFormOf } from '../../../../src-main/engine/train/weightForm.ts';

const decoder = {
  model_type: 'llama',
  max_position_embeddings: 2048,
  tie_word_embeddings: false,
  vocab_size: 32000,
  num_attention_heads: 32,
};
const configs = {
  miniLm: {
    model_type: 'bert',
    hidden_size: 384,
    num_hidden_layers: 6,
    num_attention_heads: 12,
    intermediate_size: 1536,
    vocab_size: 30522,
    max_position_embeddings: 512,
  },
  '1.1B': {
    ...decoder,
    hidden_size: 2048,
    intermediate_size: 5632,
    num_hidden_layers: 22,
    num_key_value_heads: 4,
  },
  '7B': {
    ...decoder,
    hidden_size: 4096,
    intermediate_size: 11008,
    num_hidden_layers: 32,
    num_key_value_heads: 32,
  },
};

interface Setting {
  readonly model: keyof typeof configs;
  readonly task: Task;
  readonly id: 'lora' | 'full' | 'qlora';
  readonly rows: number;
  readonly length: number;
  readonly training?: object;
}

function plan({ model, task, id, rows, length, training = {} }: Setting, machineBytes: number) {
  const outline = outlineFromConfig(describeConfig(configs[model], 'config.json', model), task, 77);
  const method = findMethod(id);
  if (method === undefined) throw new Error(`There is no method ${id}.`);
  const { values } = checkOptions(method.spec.options, {}, '');
  const settings = checkOptions(trainingOptions, { ...training }, '').values;
  const question = {
    outline,
    form: weightFormOf(method, settings),
    count: method.count(outline, values),
    batchSize: rows,
    passTokens: rows * length,
    rowTokens: length,
  };
  return planMemory(question, settings.recompute, machineBytes);
}

function forecast(setting: Setting) {
  return plan(setting, Infinity).memory;
}

// Peaks of two steps in a process of its own, by the kernel's account, on a Linux machine with two processors.
const halves = { precision: 'bfloat16' };
const measured: readonly (Setting & { readonly peakBytes: number })[] = [
  { model: 'miniLm', task: 'classification', id: 'lora', rows: 32, length: 128, peakBytes: 1051e6 },
  { model: 'miniLm', task: 'classification', id: 'full', rows: 32, length: 128, peakBytes: 1430e6 },
  { model: '1.1B', task: 'causalLm', id: 'qlora', rows: 1, length: 512, training: halves, peakBytes: 3112e6 },
  {
    model: '1.1B',
    task: 'causalLm',
    id: 'qlora',
    rows: 1,
    length: 512,
    training: { ...halves, recompute: 'on' },
    peakBytes: 1737e6,
  },
  {
    model: '7B',
    task: 'causalLm',
    id: 'qlora',
    rows: 1,
    length: 128,
    training: { ...halves, recompute: 'on' },
    peakBytes: 5389 * 2 ** 20,
  },
];

it.each(measured)('foretells the peak of $model with $id to a third: $training', (setting) => {
  const ratio = setting.peakBytes / forecast(setting).totalBytes;
  expect(ratio).toBeGreaterThan(1 / 1.33);
  expect(ratio).toBeLessThan(1.33);
});

describe('the parts', () => {
  const base = { model: '7B', task: 'causalLm', rows: 1, length: 128 } as const;

  it('of the weights are those of the formats', () => {
    const linear = 32 * (4 * 4096 ** 2 + 3 * 4096 * 11008);
    const tables = 2 * 32000 * 4096;
    const norms = 65 * 4096;
    const added = methods.lora.count(
      outlineFromConfig(describeConfig(configs['7B'], '', ''), 'causalLm', 0),
      checkOptions(methods.lora.spec.options, {}, '').values,
    ).added;
    const lora = forecast({ ...base, id: 'lora' });
    expect(lora.weightBytes).toBe(4 * (linear + tables + norms + added));
    const half = forecast({ ...base, id: 'lora', training: halves });
    expect(half.weightBytes).toBe(2 * (linear + tables) + 4 * (norms + added));
    const quantised = forecast({ ...base, id: 'lora', training: { ...halves, quantization: 'nf4' } });
    const bits = 4 + 8 / 64 + 32 / (64 * 256);
    expect(quantised.weightBytes).toBeCloseTo((bits / 8) * linear + 2 * tables + 4 * (norms + added), -1);
    expect(lora.gradientBytes).toBe(4 * added);
    expect(lora.optimizerBytes).toBe(8 * added);
  });

  it('grow with tokens only where they should, and add up', () => {
    const short = forecast({ ...base, id: 'qlora' });
    const long = forecast({ ...base, id: 'qlora', length: 256 });
    expect(long.activationBytes).toBeGreaterThan(1.8 * short.activationBytes);
    expect({ ...long, activationBytes: 0, totalBytes: 0 }).toEqual({
      ...short,
      activationBytes: 0,
      totalBytes: 0,
    });
    const { totalBytes, ...parts } = long;
    expect(totalBytes).toBe(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0));
  });
});

describe('recomputing blocks', () => {
  const base = { model: '1.1B', task: 'causalLm', id: 'qlora', rows: 1, length: 512 } as const;

  it('is turned on by the plan where memory would be short, and only there', () => {
    const { totalBytes } = forecast(base);
    const roomy = plan(base, 1.3 * totalBytes);
    expect(roomy).toEqual({ memory: forecast(base), recompute: 'off' });
    const short = plan(base, 1.2 * totalBytes);
    expect(short.recompute).toBe('on');
    expect(short.memory.totalBytes).toBeLessThan(totalBytes);
    expect(short.memory).toEqual(forecast({ ...base, training: { recompute: 'on' } }));
  });

  it('stays as it was set otherwise', () => {
    expect(plan({ ...base, training: { recompute: 'off' } }, 1).recompute).toBe('off');
    expect(plan({ ...base, training: { recompute: 'on' } }, Infinity).recompute).toBe('on');
  });
});
