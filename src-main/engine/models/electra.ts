import { gelu } from '../ops/index.ts';
import type { Architecture } from './architecture.ts';
import { bertWords, buildBertBody, declareBertBody, readBertConfig } from './bertBody.ts';
import { denseHead } from './denseHead.ts';
import { type EncoderHeads, buildEncoderHead, declareEncoderHead } from './encoderHeads.ts';
import { ModelLayout } from './layout.ts';

const prefix = 'electra.';

/**
 * ELECTRA (https://arxiv.org/abs/2003.10555): BERT whose embeddings may be narrower than its layers, with a head of two
 * layers. Its generators predict hidden tokens; its discriminators have no head for that.
 */
export const electra: Architecture = {
  modelType: 'electra',
  prefix,
  classNames: {
    none: 'ElectraModel',
    classes: 'ElectraForSequenceClassification',
    tokenClasses: 'ElectraForTokenClassification',
    span: 'ElectraForQuestionAnswering',
    maskedToken: 'ElectraForMaskedLM',
  },
  read(reader) {
    const bert = readBertConfig(reader, 0);
    const config = { ...bert, embeddingSize: reader.size(['embedding_size'], 128) };
    const heads: EncoderHeads = {
      ...config,
      classes: denseHead(config.hiddenSize, config.classifierDropout, gelu),
      tokenDropout: config.classifierDropout,
      spanDropout: 0,
      masked: {
        dense: 'generator_predictions.dense',
        norm: 'generator_predictions.LayerNorm',
        bias: 'generator_lm_head.bias',
        activation: 'gelu',
        epsilon: config.epsilon,
        table: config.tiesVocabulary ? null : 'generator_lm_head.weight',
      },
    };
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
