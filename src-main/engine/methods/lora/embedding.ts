import { keep, scope } from '../../autodiff/scope.ts';
import type { Parameter, Tensor } from '../../autodiff/tensor.ts';
import { normalValues } from '../../initialValues.ts';
import type { Model } from '../../models/model.ts';
import { add, cast, embedding, linear, matmul, scale, transpose } from '../../ops/index.ts';
import { addParameter } from '../addition.ts';
import { wrapped } from '../peftSettings.ts';
import type { LoraEmbedding } from './plan.ts';

/** The matrices beside the word embeddings: e(token) + s·B·A[:, token], A `[rank, vocabulary]`, B `[width, rank]`. */
export interface EmbeddingBranch {
  readonly a: Parameter;
  readonly b: Parameter;
  readonly scaling: number;
}

/** Here A starts from zero, and B from numbers: as PEFT has it. */
export function makeEmbeddingBranch(
  model: Model,
  { path, rank, vocabulary, width, scaling }: LoraEmbedding,
  seed: number,
): EmbeddingBranch {
  const { backend } = model.wordEmbedding.value;
  const a = `${wrapped}${path}.lora_embedding_A`;
  const b = `${wrapped}${path}.lora_embedding_B`;
  return {
    a: addParameter(backend, a, [rank, vocabulary], 0),
    b: addParameter(backend, b, [width, rank], normalValues(seed, b, width * rank, 1)),
    scaling,
  };
}

/** ids `[batch, time]`, embeddings `[batch, time, width]` → the changed embeddings. */
export function runEmbedding({ a, b, scaling }: EmbeddingBranch, ids: Tensor, embeddings: Tensor): Tensor {
  return scope(() => {
    const inner = scale(embedding(transpose(a.value, [1, 0]), ids), scaling);
    return add(embeddings, linear(inner, b.value, null));
  });
}

/** E ← E + s·(BA)ᵀ, E `[vocabulary, width]`. */
export function mergeEmbedding(model: Model, { a, b, scaling }: EmbeddingBranch): void {
  const { wordEmbedding } = model;
  wordEmbedding.assign(
    scope(() => {
      const change = scale(matmul(a.value, b.value, { transposeA: true, transposeB: true }), scaling);
      return keep(add(cast(wordEmbedding.value, 'float32'), change));
    }),
  );
}
