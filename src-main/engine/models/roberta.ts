import type { ModelType } from '../../contract/methods.ts';
import { tanh } from '../ops/index.ts';
import type { Architecture } from './architecture.ts';
import { readBertConfig } from './bertBody.ts';
import { bertLike } from './bertFamily.ts';
import { denseHead } from './denseHead.ts';

/** A model built like RoBERTa: BERT with positions that begin behind the padding id, and a head of two layers. */
export function robertaLike(modelType: ModelType, classPrefix: string): Architecture {
  return bertLike({
    modelType,
    prefix: 'roberta.',
    classPrefix,
    readConfig: (reader) => readBertConfig(reader, reader.number(['pad_token_id'], 1) + 1),
    heads: ({ hiddenSize, classifierDropout }) => ({
      classes: denseHead(hiddenSize, classifierDropout, tanh),
      masked: {
        dense: 'lm_head.dense',
        norm: 'lm_head.layer_norm',
        bias: 'lm_head.bias',
        activation: 'gelu',
        table: 'lm_head.decoder.weight',
      },
    }),
  });
}

/** RoBERTa (https://arxiv.org/abs/1907.11692). */
export const roberta = robertaLike('roberta', 'Roberta');
