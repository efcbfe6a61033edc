import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { headOf } from '../../../../src-main/contract/methods.ts';
import type { RunConfig } from '../../../../src-main/contract/runs.ts';
import type { TrainJob } from '../../../../src-main/contract/worker.ts';
import { namedStream } from '../../../../src-main/engine/data/random.ts';
import { writeSafetensors } from '../../../../src-main/engine/formats/safetensors.ts';
import { normalValues } from '../../../../src-main/engine/initialValues.ts';
import { describeConfig } from '../../../../src-main/engine/models/description.ts';
import { createEngineFiles } from '../../../../src-main/platform/engineFiles.ts';
import { projectRoot } from '../testBackend.ts';

const tokenizers = join(projectRoot, 'tests/reference/recorded/tokenizers');

const bertConfig = {
  model_type: 'bert',
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 64,
  max_position_embeddings: 64,
  type_vocab_size: 2,
  vocab_size: 200,
  hidden_act: 'gelu',
  layer_norm_eps: 1e-12,
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  initializer_range: 0.02,
  pad_token_id: 0,
};

const llamaConfig = {
  model_type: 'llama',
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 64,
  max_position_embeddings: 128,
  vocab_size: 340,
  hidden_act: 'silu',
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  initializer_range: 0.02,
  tie_word_embeddings: false,
  bos_token_id: 0,
  eos_token_id: 1,
};

const t5Config = {
  model_type: 't5',
  d_model: 32,
  d_kv: 8,
  d_ff: 64,
  num_layers: 2,
  num_heads: 4,
  vocab_size: 80,
  dropout_rate: 0.1,
  feed_forward_proj: 'gated-gelu',
  tie_word_embeddings: false,
  scale_decoder_outputs: false,
  decoder_start_token_id: 0,
  pad_token_id: 0,
  eos_token_id: 1,
};

const kinds = {
  bert: { config: bertConfig, heads: ['classes', 'maskedToken'], tokenizerName: 'wordpiece' },
  llama: { config: llamaConfig, heads: ['nextToken'], tokenizerName: 'bytelevel' },
  t5: { config: t5Config, heads: ['targetToken'], tokenizerName: 't5' },
} as const;

const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({})),
  model: z.looseObject({ vocab: z.record(z.string(), z.number()) }),
});

/** The small WordPiece tokenizer knows no hidden words; BERT's does. */
function withMaskToken(name: string, text: string): string {
  const parsed: unknown = JSON.parse(text);
  if (name !== 'tokenizer.json') return JSON.stringify(Object.assign({}, parsed, { mask_token: '[MASK]' }));
  const definition = tokenizerSchema.parse(parsed);
  const id = Object.keys(definition.model.vocab).length;
  definition.model.vocab['[MASK]'] = id;
  definition.added_tokens.push({ ...definition.added_tokens[0], id, content: '[MASK]' });
  return JSON.stringify(definition);
}

/** A model folder with random weights and a tokenizer, made on the spot. */
export function writeTinyModel(folder: string, kind: keyof typeof kinds): string {
  const { config, heads, tokenizerName } = kinds[kind];
  const { blueprint } = describeConfig(config, 'config.json', folder);
  const layouts = heads.map((head) => blueprint.layout(head, 2));
  const headModules = layouts.flatMap((layout) => layout.headModules);
  const tensors = [...new Map(layouts.flatMap((layout) => [...layout.weights]))]
    .filter(([name]) => !headModules.some((module) => name.startsWith(`${module}.`)))
    .map(([name, { shape }]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const isNormWeight = shape.length === 1 && name.endsWith('weight');
      const values = isNormWeight ? new Float32Array(size).fill(1) : normalValues(1, name, size, 0.05);
      return { name, type: 'F32' as const, shape, bytes: () => new Uint8Array(values.buffer) };
    });
  const tokenizer = join(tokenizers, tokenizerName);
  createEngineFiles().writeFolder(folder, (file) => {
    file('config.json').write(Buffer.from(JSON.stringify(config)));
    for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
      const text = readFileSync(join(tokenizer, name), 'utf8');
      file(name).write(Buffer.from(kind === 'bert' ? withMaskToken(name, text) : text));
    }
    writeSafetensors(file('model.safetensors'), tensors);
  });
  return folder;
}

const things = ['kettle', 'garden', 'keys', 'gate'];
const openings = ['the', 'please', 'where', 'does', 'turn', 'it', 'off', 'yesterday'];

/** Texts that a thing's name decides: learnable by a tiny model. */
export function writeTinyData(path: string, task: 'classification' | 'causalLm', rows = 60): string {
  const stream = namedStream(11, 'tinyData');
  const lines = Array.from({ length: rows }, (_, index) => {
    const thing = things[stream.integer(3 * index, things.length)] ?? '';
    const opening = openings[stream.integer(3 * index + 1, openings.length)] ?? '';
    const length = 1 + stream.integer(3 * index + 2, 4);
    const text = [...Array<string>(length).fill(opening), thing].join(' ');
    const split = index % 5 === 3 ? 'validation' : index % 5 === 4 ? 'test' : 'train';
    return task === 'classification'
      ? { split, text, label: thing }
      : { split, text: '', prompt: text, completion: `${thing} 열쇠` };
  });
  writeFileSync(path, lines.map((line) => JSON.stringify(line)).join('\n') + '\n');
  return path;
}

/** A whole small project in a folder: model, data and the job that trains on them. */
export function makeTinyJob(folder: string, change: Partial<RunConfig> = {}): TrainJob {
  mkdirSync(folder, { recursive: true });
  const task = change.task ?? 'classification';
  const config: RunConfig = {
    modelId: 'tiny',
    datasetId: 'things',
    objective: {},
    method: { id: 'lora', options: { rank: 4, alpha: 8, dropout: 0.1 } },
    training: { learningRate: 5e-3, epochs: 2, batchSize: 4, seed: 3, checkpointEverySteps: 3 },
    ...change,
    task,
  };
  return {
    runId: 'run',
    config,
    modelFolder: writeTinyModel(join(folder, 'model'), headOf(task) === 'nextToken' ? 'llama' : 'bert'),
    dataFile: writeTinyData(join(folder, 'data.jsonl'), task === 'classification' ? task : 'causalLm'),
    runFolder: join(folder, 'run'),
    resume: false,
  };
}
