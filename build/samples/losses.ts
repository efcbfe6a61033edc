import type { Backend } from '../../src-main/engine/backend/backend.ts';
import type { Tensor } from '../../src-main/engine/autodiff/tensor.ts';
import { collate } from '../../src-main/engine/data/collate.ts';
import type { Example } from '../../src-main/engine/data/examples.ts';
import type { NamedStream } from '../../src-main/engine/data/random.ts';
import type { Model, Pass } from '../../src-main/engine/models/model.ts';
import {
  add,
  crossEntropy,
  divide,
  gatherRows,
  indicesFrom,
  linear,
  matmul,
  multiply,
  reshape,
  scale,
  slice,
  sqrt,
  sum,
  tanh,
} from '../../src-main/engine/ops/index.ts';

export interface Batch {
  /** Token ids of texts. */
  readonly texts: readonly (readonly number[])[];
  /** Token ids of texts that belong together; used by encoders only. */
  readonly pairs: readonly (readonly [readonly number[], readonly number[]])[];
}

/** Computes a batch's loss; `draws` numbers its random choices. */
export type Loss = (model: Model, batch: Batch, pass: Pass, draws: NamedStream) => Tensor;

function asExamples(texts: readonly (readonly number[])[]): Example[] {
  return texts.map((ids) => ({ ids, typeIds: null, target: 0 }));
}

function backendOf(model: Model): Backend {
  const [first] = model.parameters.values();
  if (first === undefined) throw new Error('The model has no weights.');
  return first.value.backend;
}

function parameterOf(model: Model, name: string): Tensor {
  const parameter = model.parameters.get(name);
  if (parameter === undefined) throw new Error(`The model has no weight "${name}".`);
  return parameter.value;
}

const maskShare = 0.15;
const maskId = 4;
const firstWordId = 5;

/**
 * Guess hidden words (https://arxiv.org/abs/1810.04805): of 15 % of the tokens, 80 % are hidden, 10 % exchanged and 10 %
 * left. The output layer is the word embedding itself.
 */
const guessHiddenWords: Loss = (model, { texts }, pass, draws) => {
  let draw = 0;
  const positions: number[] = [];
  const targets: number[] = [];
  const time = Math.max(...texts.map((ids) => ids.length));
  const hiddenTexts = texts.map((ids, row) =>
    ids.map((id, position) => {
      if (id < firstWordId || draws.uniform(draw++) >= maskShare) return id;
      positions.push(row * time + position);
      targets.push(id);
      const choice = draws.uniform(draw++);
      if (choice < 0.8) return maskId;
      return choice < 0.9 ? firstWordId + draws.integer(draw++, model.vocabularySize - firstWordId) : id;
    }),
  );
  const batch = collate({ backend: backendOf(model), padId: 0 }, asExamples(hiddenTexts));
  const hidden = model.encode(batch, pass);
  const flat = reshape(hidden, [texts.length * time, model.hiddenSize]);
  const rows = gatherRows(flat, indicesFrom(hidden.backend, positions));
  const logits = matmul(rows, parameterOf(model, 'bert.embeddings.word_embeddings.weight'), {
    transposeB: true,
  });
  return crossEntropy(logits, indicesFrom(hidden.backend, targets));
};

const temperature = 0.05;

/** Pooled first token of each text, scaled to length 1 → `[texts, hidden]`. */
function embedTexts(model: Model, texts: readonly (readonly number[])[], pass: Pass): Tensor {
  const hidden = model.encode(collate({ backend: backendOf(model), padId: 0 }, asExamples(texts)), pass);
  const first = reshape(slice(hidden, [0, 0, 0], [texts.length, 1, model.hiddenSize]), [
    texts.length,
    model.hiddenSize,
  ]);
  const weight = parameterOf(model, 'bert.pooler.dense.weight');
  const pooled = tanh(linear(first, weight, parameterOf(model, 'bert.pooler.dense.bias'), 'outIn'));
  return divide(pooled, sqrt(sum(multiply(pooled, pooled), [1], true)));
}

/**
 * Find each text's partner among all of the batch (https://arxiv.org/abs/1705.00652), which makes the pooled first token
 * stand for the whole text.
 */
const findPartners: Loss = (model, { pairs }, pass) => {
  const first = embedTexts(
    model,
    pairs.map(([text]) => text),
    pass,
  );
  const second = embedTexts(
    model,
    pairs.map(([, partner]) => partner),
    pass,
  );
  const partners = indicesFrom(
    first.backend,
    pairs.map((_, row) => row),
  );
  return crossEntropy(scale(matmul(first, second, { transposeB: true }), 1 / temperature), partners);
};

export const maskedWordsAndPartners: Loss = (model, batch, pass, draws) =>
  add(guessHiddenWords(model, batch, pass, draws), findPartners(model, batch, pass, draws));

/** Guess each next token from those before it. */
export const nextWord: Loss = (model, { texts }, pass) => {
  const positions: number[] = [];
  const targets: number[] = [];
  const time = Math.max(...texts.map((ids) => ids.length));
  texts.forEach((ids, row) => {
    for (let position = 1; position < ids.length; position++) {
      positions.push(row * time + position - 1);
      targets.push(ids[position] ?? 0);
    }
  });
  const hidden = model.encode(collate({ backend: backendOf(model), padId: 0 }, asExamples(texts)), pass);
  const flat = reshape(hidden, [texts.length * time, model.hiddenSize]);
  const rows = gatherRows(flat, indicesFrom(hidden.backend, positions));
  return crossEntropy(model.vocabularyLogits(rows, pass), indicesFrom(hidden.backend, targets));
};
