import { tanh } from '../ops/index.ts';
import { type BertConfig, readBertConfig } from './bertBody.ts';
import { bertLike } from './bertFamily.ts';
import type { EncoderHeads } from './encoderHeads.ts';
import { applyDropout, applyLinear, firstToken } from './layers.ts';

/** Whole texts are classified by `classifier` on the tanh-pooled first token. */
function pooledHead({ hiddenSize, classifierDropout }: BertConfig): EncoderHeads['classes'] {
  return {
    declare(layout, labelCount) {
      layout.linear('bert.pooler.dense', hiddenSize, hiddenSize, { optional: true });
      layout.optionalModules.push('bert.pooler');
      layout.linear('classifier', hiddenSize, labelCount, { optional: true });
      layout.headModules.push('classifier');
    },
    build(weights) {
      const pooler = weights.linear('bert.pooler.dense');
      const classifier = weights.linear('classifier');
      return (hidden, _, pass) => {
        const pooled = tanh(applyLinear(pooler, firstToken(hidden), pass));
        return applyLinear(classifier, applyDropout(pooled, classifierDropout, pass), pass);
      };
    },
  };
}

/** BERT (https://arxiv.org/abs/1810.04805). */
export const bert = bertLike({
  modelType: 'bert',
  prefix: 'bert.',
  classPrefix: 'Bert',
  readConfig: (reader) => readBertConfig(reader, 0),
  heads: (config) => ({
    classes: pooledHead(config),
    masked: {
      dense: 'cls.predictions.transform.dense',
      norm: 'cls.predictions.transform.LayerNorm',
      bias: 'cls.predictions.bias',
      activation: config.activation,
      table: 'cls.predictions.decoder.weight',
    },
  }),
});
