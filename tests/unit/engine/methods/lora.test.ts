import { describe, expect, it } from 'vitest';
import type { Task } from '../../../../src-main/contract/methods.ts';
import { type LoraOptions, checkLora, planLora } from '../../../../src-main/engine/methods/lora/plan.ts';
import { methods } from '../../../../src-main/engine/methods/registry.ts';
import { describeConfig } from '../../../../src-main/engine/models/description.ts';
import {
  type ModelOutline,
  countParameters,
  outlineFromConfig,
} from '../../../../src-main/engine/models/outline.ts';
import { loraDefaults } from './loraDefaults.ts';

function outline(config: object, task: Task = 'classification', labelCount = 3): ModelOutline {
  return outlineFromConfig(describeConfig({ ...config }, 'config.json', 'folder'), task, labelCount);
}

const bert = outline({ model_type: 'bert' });
const gpt2 = outline({ model_type: 'gpt2' }, 'causalLm');
const llama = outline({ model_type: 'llama' }, 'causalLm');

const plan = (model: ModelOutline, options: Partial<LoraOptions> = {}) =>
  planLora(model, { ...loraDefaults, ...options });
const problems = (model: ModelOutline, options: Partial<LoraOptions>) =>
  checkLora(model, { ...loraDefaults, ...options });
const codes = (model: ModelOutline, options: Partial<LoraOptions>) =>
  problems(model, options).map(({ code }) => code);

/** Last two parts of the targeted paths of block 0. */
function firstBlock(model: ModelOutline, options: Partial<LoraOptions>): string[] {
  return plan(model, options)
    .layers.filter(({ path }) => /\.0\./.test(path))
    .map(({ path }) => path.split('.').slice(-2).join('.'));
}

// Published sizes: parameters of the models, and of LoRA with rank 8 on them.
describe('counts, from config.json alone', () => {
  it.each([
    ['bert-base', bert, 109_482_240 + 3 * 768 + 3],
    ['gpt2', gpt2, 124_439_808],
    ['llama-7b', llama, 6_738_415_616],
  ])('%s has its published size', (_, model, expected) => {
    expect(countParameters(model)).toBe(expected);
  });

  it.each([
    ['bert-base', bert, {}, 294_912 + 3 * 768 + 3],
    ['gpt2', gpt2, {}, 294_912],
    ['llama-7b', llama, {}, 4_194_304],
    ['llama-7b, everything at rank 16', llama, { rank: 16, targets: ['all-linear'] }, 39_976_960],
    ['llama-7b with words', llama, { targets: ['embed_tokens'] }, 8 * (32_000 + 4096)],
    ['gpt2 with all biases', gpt2, { bias: 'all' as const }, 294_912 + 102_144],
    ['gpt2 with biases in the adapter', gpt2, { loraBias: true }, 294_912 + 12 * 2304],
  ])('LoRA on %s', (_, model, options, expected) => {
    const { own, added } = methods.lora.count(model, { ...loraDefaults, ...options });
    expect(own + added).toBe(expected);
  });

  it('a head', () => {
    expect(methods.head.count(bert, {})).toEqual({ own: 3 * 768 + 3, added: 0 });
    expect(methods.head.check(gpt2, {}).map(({ code }) => code)).toEqual(['method.noHead']);
  });
});

describe('targets', () => {
  it('are query and value unless said otherwise', () => {
    expect(firstBlock(bert, {})).toEqual(['self.query', 'self.value']);
    expect(firstBlock(llama, {})).toEqual(['self_attn.q_proj', 'self_attn.v_proj']);
    expect(firstBlock(gpt2, {})).toEqual(['attn.c_attn']);
    const distilbert = outline({ model_type: 'distilbert' });
    expect(firstBlock(distilbert, {})).toEqual(['attention.q_lin', 'attention.v_lin']);
  });

  it('match whole parts at the end of a path', () => {
    expect(firstBlock(bert, { targets: ['dense'] })).toEqual([
      'output.dense',
      'intermediate.dense',
      'output.dense',
    ]);
    expect(firstBlock(bert, { targets: ['attention.output.dense'] })).toEqual(['output.dense']);
    expect(codes(bert, { targets: ['uery'] })).toEqual(['method.targetMatchesNothing']);
  });

  it('may be one regular expression for whole paths', () => {
    expect(firstBlock(llama, { targets: ['.*layers\\.0\\..*(up|down)_proj'] })).toEqual([
      'mlp.up_proj',
      'mlp.down_proj',
    ]);
    expect(codes(llama, { targets: ['(up|down)_proj'] })).toEqual(['method.targetMatchesNothing']);
    expect(codes(llama, { targets: ['(up'] })).toEqual(['method.badPattern']);
  });

  it('"all-linear" takes every linear layer but the head', () => {
    const paths = plan(bert, { targets: ['all-linear'] }).layers.map(({ path }) => path);
    expect(paths).toHaveLength(12 * 6 + 1);
    expect(paths).toContain('bert.pooler.dense');
    const roberta = outline({ model_type: 'roberta' });
    expect(plan(roberta, { targets: ['All-Linear'] }).layers).toHaveLength(12 * 6);
  });

  it('can be excluded, and kept to some blocks', () => {
    expect(firstBlock(bert, { targets: ['dense'], exclude: ['output.dense'] })).toEqual([
      'intermediate.dense',
    ]);
    expect(plan(bert, { layers: [3, 5] }).layers.map(({ path }) => path)).toEqual([
      'bert.encoder.layer.3.attention.self.query',
      'bert.encoder.layer.3.attention.self.value',
      'bert.encoder.layer.5.attention.self.query',
      'bert.encoder.layer.5.attention.self.value',
    ]);
    expect(codes(bert, { layers: [11, 12] })).toEqual(['method.noSuchLayer']);
    expect(codes(bert, { exclude: ['query', 'value'] })).toEqual(['method.nothingTargeted']);
  });

  it('are word embeddings only where these are named', () => {
    const embedding = (options: Partial<LoraOptions>) => plan(bert, options).embedding?.path ?? null;
    const words = 'bert.embeddings.word_embeddings';
    expect(embedding({ targets: ['word_embeddings', 'query'] })).toBe(words);
    expect(embedding({ targets: ['.*embeddings.*'] })).toBe(words);
    expect(embedding({ targets: ['all-linear'] })).toBeNull();
    expect(embedding({ targets: ['word_embeddings'], layers: [0] })).toBeNull();
    expect(embedding({ targets: ['word_embeddings'], exclude: ['word_embeddings'] })).toBeNull();
    expect(embedding({})).toBeNull();
    for (const other of [{ useDora: true }, { loraBias: true }, { init: 'pissa' as const }]) {
      expect(codes(bert, { targets: ['word_embeddings'], ...other })).toEqual(['method.plainEmbedding']);
    }
    const t5 = outline({ model_type: 't5' }, 'seq2seq');
    expect(codes(t5, { targets: ['shared'] })).toEqual(['method.targetMatchesNothing']);
    expect(codes(bert, { init: 'pissa', useDora: true })).toEqual(['method.doraWithPissa']);
  });

  it('that match nothing are named, with what could be', () => {
    const [problem] = problems(bert, { targets: ['query', 'q_proj'] });
    expect(problem?.message).toContain('"q_proj"');
    expect(problem?.hint).toContain('query, key, value, dense');
  });
});

describe('rank and alpha', () => {
  it('scale by alpha over rank, or over its root', () => {
    expect(plan(bert, { rank: 4, alpha: 6 }).layers[0]?.scaling).toBe(1.5);
    expect(plan(bert, { rank: 4, alpha: 6, useRslora: true }).layers[0]?.scaling).toBe(3);
  });

  it('may differ by layer: the first entry that matches the end of the path counts', () => {
    const { layers } = plan(bert, {
      rankPattern: { 'layer.0.attention.self.query': 2, query: 3 },
      alphaPattern: { 'layer\\.[01]\\..*value': 5 },
    });
    const byPath = new Map(layers.map(({ path, rank, scaling }) => [path, { rank, scaling }]));
    const of = (layer: number, name: string) =>
      byPath.get(`bert.encoder.layer.${layer}.attention.self.${name}`);
    expect(of(0, 'query')).toEqual({ rank: 2, scaling: 8 });
    expect(of(1, 'query')).toEqual({ rank: 3, scaling: 16 / 3 });
    expect(of(1, 'value')).toEqual({ rank: 8, scaling: 5 / 8 });
    expect(of(2, 'value')).toEqual({ rank: 8, scaling: 2 });
  });

  it('larger than the layer are refused once for each kind of layer', () => {
    const found = problems(bert, { rank: 1000, targets: ['query', 'intermediate.dense'] });
    expect(found.map(({ code }) => code)).toEqual(['method.rankTooLarge', 'method.rankTooLarge']);
    expect(found[0]?.message).toContain('1000');
    expect(found[0]?.hint).toContain('768');
    expect(codes(bert, { rank: 768 })).toEqual([]);
  });

  it('by layer are checked', () => {
    expect(codes(bert, { rankPattern: { query: 1.5 } })).toEqual(['method.badPatternValue']);
    expect(codes(bert, { rankPattern: { key: 4 } })).toEqual(['method.patternMatchesNothing']);
    expect(codes(bert, { alphaPattern: { query: -1 } })).toEqual(['method.badPatternValue']);
  });
});

describe('what is trained besides', () => {
  it('biases of the targets, or all of them', () => {
    expect(plan(bert, { bias: 'none' }).biases).toEqual([]);
    expect(plan(bert, { bias: 'lora_only' }).biases).toHaveLength(24);
    const all = plan(bert, { bias: 'all' }).biases;
    expect(all).toContain('bert.embeddings.LayerNorm.bias');
    expect(all).not.toContain('classifier.bias');
  });

  it('modules in full, the head always', () => {
    const { savedModules, savedNames } = plan(bert, { modulesToSave: ['word_embeddings'] });
    expect(savedModules).toEqual(['classifier', 'bert.embeddings.word_embeddings']);
    expect(savedNames).toEqual([
      'bert.embeddings.word_embeddings.weight',
      'classifier.weight',
      'classifier.bias',
    ]);
    expect(firstBlock(bert, { modulesToSave: ['query'] })).toEqual(['self.value']);
    expect(codes(bert, { modulesToSave: ['lm_head'] })).toEqual(['method.noSuchModule']);
  });

  it('not one end of tied embeddings', () => {
    expect(codes(gpt2, { modulesToSave: ['wte'] })).toEqual(['method.tiedModule']);
    expect(codes(gpt2, { modulesToSave: ['lm_head'] })).toEqual(['method.tiedModule']);
    expect(codes(llama, { modulesToSave: ['embed_tokens', 'lm_head'] })).toEqual([]);
  });
});
