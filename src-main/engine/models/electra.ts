import { gelu } from '../ops/index.ts';
import { readBertConfig } from './bertBody.ts';
import { bertLike } from './bertFamily.ts';
import { denseHead } from './denseHead.ts';

/**
 * ELECTRA (https://arxiv.org/abs/2003.10555): BERT whose embeddings may be narrower than its layers, with a head of two
 * layers. Its generators predict hidden tokens; its discriminators have no head for that.
 */
export const electra = bertLike({
  modelType: 'electra',
  prefix: 'electra.',
  classPrefix: 'Electra',
  readConfig: (reader) => ({
    ...readBertConfig(reader, 0),
    embeddingSize: reader.size(['embedding_size'], 128),
  }),
  heads: ({ hiddenSize, classifierDropout }) => ({
    classes: denseHead(hiddenSize, classifierDropout, gelu),
    masked: {
      dense: 'generator_predictions.dense',
      norm: 'generator_predictions.LayerNorm',
      bias: 'generator_lm_head.bias',
      activation: 'gelu',
      table: 'generator_lm_head.weight',
    },
  }),
});
