import { tanh } from '../ops/index.ts';
import type { Architecture } from './architecture.ts';
import { buildBertBody, declareBertBody, readBertConfig } from './bertBody.ts';
import { applyDropout, applyLinear, firstToken } from './layers.ts';
import { ModelLayout } from './layout.ts';

/** BERT (https://arxiv.org/abs/1810.04805); classification by `classifier` on the tanh-pooled first token. */
export const bert: Architecture = {
  modelType: 'bert',
  prefix: 'bert.',
  classNames: { classification: 'BertForSequenceClassification' },
  read(reader) {
    const config = readBertConfig(reader, 0);
    const { hiddenSize } = config;
    return {
      ...config,
      maximumLength: config.positions,
      layout(_, labelCount) {
        const layout = new ModelLayout();
        declareBertBody(layout, config, 'bert.');
        layout.linear('bert.pooler.dense', hiddenSize, hiddenSize, { optional: true });
        layout.optionalModules.push('bert.pooler');
        layout.linear('classifier', hiddenSize, labelCount, { optional: true });
        layout.headModules.push('classifier');
        return layout;
      },
      network(weights) {
        const pooler = weights.linear('bert.pooler.dense');
        const classifier = weights.linear('classifier');
        return {
          ...buildBertBody(weights, config, 'bert.'),
          classify(hidden, _, pass) {
            const pooled = tanh(applyLinear(pooler, firstToken(hidden), pass));
            return applyLinear(classifier, applyDropout(pooled, config.classifierDropout, pass), pass);
          },
        };
      },
    };
  },
};
