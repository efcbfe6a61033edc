import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type Task, headOf } from '../../../../src-main/contract/methods.ts';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { collate } from '../../../../src-main/engine/data/collate.ts';
import { loadTokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { bytesOf } from '../../../../src-main/engine/formats/elementTypes.ts';
import { inspectModelFolder } from '../../../../src-main/engine/formats/modelFolder.ts';
import { writeSafetensors } from '../../../../src-main/engine/formats/safetensors.ts';
import { normalValues } from '../../../../src-main/engine/initialValues.ts';
import { describeConfig } from '../../../../src-main/engine/models/description.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import { reshape } from '../../../../src-main/engine/ops/index.ts';
import { MemoryFiles, collector } from '../memoryFiles.ts';
import { loadTestBackend, projectRoot } from '../testBackend.ts';

// Korean checkpoints in the layouts they are published in: config.json and tokenizer as there, weights tiny and random.

const tokenizers = join(projectRoot, 'tests/reference/recorded/tokenizers');
const size = { hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 24 };
const pass = { training: false, random: { seed: 0, next: () => 0 } };

interface Layout {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tokenizer: string;
  readonly task: Task;
}

const layouts: readonly Layout[] = [
  {
    name: 'KLUE BERT',
    config: { model_type: 'bert', architectures: ['BertForMaskedLM'], ...size, vocab_size: 200 },
    tokenizer: 'klue',
    task: 'classification',
  },
  {
    // One token type, and a BERT tokenizer that marks the second text with another.
    name: 'KLUE RoBERTa',
    config: {
      model_type: 'roberta',
      tokenizer_class: 'BertTokenizer',
      ...size,
      vocab_size: 200,
      type_vocab_size: 1,
      max_position_embeddings: 514,
      pad_token_id: 1,
    },
    tokenizer: 'klue',
    task: 'classification',
  },
  {
    name: 'KoELECTRA',
    config: {
      model_type: 'electra',
      architectures: ['ElectraForPreTraining'],
      ...size,
      embedding_size: 8,
      vocab_size: 200,
    },
    tokenizer: 'klue',
    task: 'classification',
  },
  {
    name: 'KoGPT2',
    config: {
      model_type: 'gpt2',
      architectures: ['GPT2LMHeadModel'],
      n_embd: 16,
      n_layer: 1,
      n_head: 2,
      vocab_size: 250,
      bos_token_id: 0,
      eos_token_id: 1,
      pad_token_id: 3,
    },
    tokenizer: 'kogpt2',
    task: 'causalLm',
  },
];

function writeModel({ config, tokenizer, task }: Layout): MemoryFiles {
  const files = new MemoryFiles().load(join(tokenizers, tokenizer), 'model');
  const { blueprint } = describeConfig(config, 'config.json', 'model');
  const layout = blueprint.layout(headOf(task), 2);
  const weights = [...layout.weights].filter(([name]) =>
    layout.headModules.every((module) => !name.startsWith(module)),
  );
  const sink = collector();
  writeSafetensors(
    sink,
    weights.map(([name, { shape }]) => {
      const count = shape.reduce((product, length) => product * length, 1);
      const bytes = () => bytesOf(normalValues(1, name, count, 0.1));
      return { name, type: 'F32', shape, bytes };
    }),
  );
  return files.put('model/model.safetensors', sink.bytes()).put('model/config.json', JSON.stringify(config));
}

let backend: Backend;
beforeAll(async () => {
  backend = await loadTestBackend();
});

it.each(layouts)('$name loads, reads Korean and computes', (layout) => {
  const files = writeModel(layout);
  expect(inspectModelFolder(files, 'model').tasks).toContain(layout.task);
  const tokenizer = loadTokenizer(files, 'model');
  const encoded = tokenizer.encode('어제 정원 열쇠를 꺼 주세요.', { pair: '창문을 닫고' });
  expect(encoded.ids.length).toBeGreaterThan(4);
  expect(encoded.typeIds).toContain(1);
  const { task } = layout;
  const model = loadModel({ files, folder: 'model', backend, task, labels: ['a', 'b'], seed: 0 });
  scope(() => {
    const batch = collate({ backend, padId: tokenizer.padId }, [
      { ids: encoded.ids, typeIds: encoded.typeIds, target: 0 },
    ]);
    const hidden = model.encode(batch, pass);
    const logits =
      task === 'classification'
        ? model.classify(hidden, batch, pass)
        : model.vocabularyLogits(reshape(hidden, [-1, model.hiddenSize]), pass);
    expect(Array.from(logits.values()).every(Number.isFinite)).toBe(true);
  });
  model.dispose();
});

it('KoBERT says what has to be converted', () => {
  const [klue] = layouts;
  if (!klue) throw new Error('No layout.');
  const files = writeModel(klue);
  files.contents.delete('model/tokenizer.json');
  files.put('model/vocab.txt', '[UNK]\n▁정').put('model/tokenizer_78b3253a26.model', 'x');
  expect(() => inspectModelFolder(files, 'model')).toThrow(/SentencePiece file tokenizer_78b3253a26\.model/);
});
