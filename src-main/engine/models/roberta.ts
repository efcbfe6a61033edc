import { tanh } from '../ops/index.ts';
import type { Architecture } from './architecture.ts';
import { buildBertBody, declareBertBody, readBertConfig } from './bertBody.ts';
import { applyDropout, applyLinear, firstToken } from './layers.ts';
import { ModelLayout } from './layout.ts';

/**
 * RoBERTa (https://arxiv.org/abs/1907.11692): BERT with positions that begin behind the padding id, and a head of two
 * layers on the first token.
 */
export const roberta: Architecture = {
  modelType: 'roberta',
  prefix: 'roberta.',
  classNames: { classification: 'RobertaForSequenceClassification' },
  read(reader) {
    const config = readBertConfig(reader, reader.number(['pad_token_id'], 1) + 1);
    const { hiddenSize, classifierDropout } = config;
    return {
      ...config,
      maximumLength: config.positions - config.firstPosition,
      layout(_, labelCount) {
        const layout = new ModelLayout();
        declareBertBody(layout, config, 'roberta.');
        layout.linear('classifier.dense', hiddenSize, hiddenSize, { optional: true });
        layout.linear('classifier.out_proj', hiddenSize, labelCount, { optional: true });
        layout.headModules.push('classifier');
        return layout;
      },
      network(weights) {
        const dense = weights.linear('classifier.dense');
        const outProjection = weights.linear('classifier.out_proj');
        return {
          ...buildBertBody(weights, config, 'roberta.'),
          classify(hidden, _, pass) {
            const token = applyDropout(firstToken(hidden), classifierDropout, pass);
            const inner = applyDropout(tanh(applyLinear(dense, token, pass)), classifierDropout, pass);
            return applyLinear(outProjection, inner, pass);
          },
        };
      },
    };
  },
};
