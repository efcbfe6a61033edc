import type { Backend } from '../../src-main/engine/backend/backend.ts';
import type { Tensor } from '../../src-main/engine/autodiff/tensor.ts';
import { type Example, collate } from '../../src-main/engine/data/examples.ts';
import type { NamedStream } from '../../src-main/engine/data/random.ts';
import type { Model, Pass } from '../../src-main/engine/models/model.ts';
import { crossEntropy, gatherRows, indicesFrom, matmul, reshape } from '../../src-main/engine/ops/index.ts';

/** Computes a batch's loss; `draws` numbers its random choices. */
export type Loss = (
  model: Model,
  texts: readonly (readonly number[])[],
  pass: Pass,
  draws: NamedStream,
) => Tensor;

function asExamples(texts: readonly (readonly number[])[]): Example[] {
  return texts.map((ids) => ({ ids, typeIds: null, target: 0 }));
}

function backendOf(model: Model): Backend {
  const [first] = model.parameters.values();
  if (first === undefined) throw new Error('The model has no weights.');
  return first.value.backend;
}

const maskShare = 0.15;
const maskId = 4;
const firstWordId = 5;

/**
 * Guess hidden words (https://arxiv.org/abs/1810.04805): of 15 % of the tokens, 80 % are hidden, 10 % exchanged and 10 %
 * left. The output layer is the word embedding itself.
 */
export const maskedWords: Loss = (model, texts, pass, draws) => {
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
  const batch = collate(backendOf(model), asExamples(hiddenTexts), 0);
  const hidden = model.encode(batch, pass);
  const flat = reshape(hidden, [texts.length * time, model.hiddenSize]);
  const embeddings = model.parameters.get('bert.embeddings.word_embeddings.weight');
  if (embeddings === undefined) throw new Error('The encoder has no word embeddings.');
  const rows = gatherRows(flat, indicesFrom(hidden.backend, positions));
  const logits = matmul(rows, embeddings.value, { transposeB: true });
  return crossEntropy(logits, indicesFrom(hidden.backend, targets));
};

/** Guess each next token from those before it. */
export const nextWord: Loss = (model, texts, pass) => {
  const positions: number[] = [];
  const targets: number[] = [];
  const time = Math.max(...texts.map((ids) => ids.length));
  texts.forEach((ids, row) => {
    for (let position = 1; position < ids.length; position++) {
      positions.push(row * time + position - 1);
      targets.push(ids[position] ?? 0);
    }
  });
  const hidden = model.encode(collate(backendOf(model), asExamples(texts), 0), pass);
  const flat = reshape(hidden, [texts.length * time, model.hiddenSize]);
  const rows = gatherRows(flat, indicesFrom(hidden.backend, positions));
  return crossEntropy(model.vocabularyLogits(rows), indicesFrom(hidden.backend, targets));
};
