import type { ModelType } from '../../contract/methods.ts';
import { tanh } from '../ops/index.ts';
import type { Architecture } from './architecture.ts';
import { bertWords, buildBertBody, declareBertBody, readBertConfig } from './bertBody.ts';
import { denseHead } from './denseHead.ts';
import { type EncoderHeads, buildEncoderHead, declareEncoderHead } from './encoderHeads.ts';
import { ModelLayout } from './layout.ts';

const prefix = 'roberta.';

/**
 * A model built like RoBERTa: BERT with positions that begin behind the padding id, and a head of two layers.
 * @param classPrefix what its classes in transformers begin with
 */
export function robertaLike(modelType: ModelType, classPrefix: string): Architecture {
  return {
    modelType,
    prefix,
    classNames: {
      none: `${classPrefix}Model`,
      classes: `${classPrefix}ForSequenceClassification`,
      tokenClasses: `${classPrefix}ForTokenClassification`,
      span: `${classPrefix}ForQuestionAnswering`,
      maskedToken: `${classPrefix}ForMaskedLM`,
    },
    read(reader) {
      const config = readBertConfig(reader, reader.number(['pad_token_id'], 1) + 1);
      const heads: EncoderHeads = {
        ...config,
        classes: denseHead(config.hiddenSize, config.classifierDropout, tanh),
        tokenDropout: config.classifierDropout,
        spanDropout: 0,
        masked: {
          dense: 'lm_head.dense',
          norm: 'lm_head.layer_norm',
          bias: 'lm_head.bias',
          activation: 'gelu',
          epsilon: config.epsilon,
          table: config.tiesVocabulary ? null : 'lm_head.decoder.weight',
        },
      };
      return {
        ...config,
        maximumLength: config.positions - config.firstPosition,
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
}

/** RoBERTa (https://arxiv.org/abs/1907.11692). */
export const roberta = robertaLike('roberta', 'Roberta');
