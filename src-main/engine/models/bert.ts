import { tanh } from '../ops/index.ts';
import type { Architecture } from './architecture.ts';
import { type BertConfig, bertWords, buildBertBody, declareBertBody, readBertConfig } from './bertBody.ts';
import { type EncoderHeads, buildEncoderHead, declareEncoderHead } from './encoderHeads.ts';
import { applyDropout, applyLinear, firstToken } from './layers.ts';
import { ModelLayout } from './layout.ts';

const prefix = 'bert.';

/** Whole texts are classified by `classifier` on the tanh-pooled first token. */
function bertHeads(config: BertConfig): EncoderHeads {
  const { hiddenSize, classifierDropout } = config;
  return {
    ...config,
    classes: {
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
    },
    tokenDropout: classifierDropout,
    spanDropout: 0,
    masked: {
      dense: 'cls.predictions.transform.dense',
      norm: 'cls.predictions.transform.LayerNorm',
      bias: 'cls.predictions.bias',
      activation: config.activation,
      epsilon: config.epsilon,
      table: config.tiesVocabulary ? null : 'cls.predictions.decoder.weight',
    },
  };
}

/** BERT (https://arxiv.org/abs/1810.04805). */
export const bert: Architecture = {
  modelType: 'bert',
  prefix,
  classNames: {
    none: 'BertModel',
    classes: 'BertForSequenceClassification',
    tokenClasses: 'BertForTokenClassification',
    span: 'BertForQuestionAnswering',
    maskedToken: 'BertForMaskedLM',
  },
  read(reader) {
    const config = readBertConfig(reader, 0);
    const heads = bertHeads(config);
    return {
      ...config,
      maximumLength: config.positions,
      layout(head, labelCount) {
        const layout = new ModelLayout();
        declareBertBody(layout, config, prefix);
        declareEncoderHead(layout, heads, head, labelCount);
        return layout;
      },
      network: (weights, _, head) => ({
        ...buildBertBody(weights, config, prefix),
        ...buildEncoderHead(weights, heads, head, bertWords(prefix)),
      }),
    };
  },
};
