import { gelu } from '../ops/index.ts';
import type { Architecture } from './architecture.ts';
import { buildBertBody, declareBertBody, readBertConfig } from './bertBody.ts';
import { buildDenseHead, declareDenseHead } from './denseHead.ts';
import { ModelLayout } from './layout.ts';

/**
 * ELECTRA's discriminator (https://arxiv.org/abs/2003.10555): BERT whose embeddings may be narrower than its layers,
 * with a head of two layers.
 */
export const electra: Architecture = {
  modelType: 'electra',
  prefix: 'electra.',
  classNames: { classification: 'ElectraForSequenceClassification' },
  read(reader) {
    const bert = readBertConfig(reader, 0);
    const config = { ...bert, embeddingSize: reader.size(['embedding_size'], 128) };
    return {
      ...config,
      maximumLength: config.positions,
      layout(_, labelCount) {
        const layout = new ModelLayout();
        declareBertBody(layout, config, 'electra.');
        declareDenseHead(layout, config.hiddenSize, labelCount);
        return layout;
      },
      network: (weights) => ({
        ...buildBertBody(weights, config, 'electra.'),
        classify: buildDenseHead(weights, config.classifierDropout, gelu),
      }),
    };
  },
};
