import type { ModelType } from '../../contract/methods.ts';
import { tanh } from '../ops/index.ts';
import type { Architecture } from './architecture.ts';
import { buildBertBody, declareBertBody, readBertConfig } from './bertBody.ts';
import { buildDenseHead, declareDenseHead } from './denseHead.ts';
import { ModelLayout } from './layout.ts';

/** A model built like RoBERTa: BERT with positions that begin behind the padding id, and a head of two layers. */
export function robertaLike(modelType: ModelType, classNames: Architecture['classNames']): Architecture {
  return {
    modelType,
    prefix: 'roberta.',
    classNames,
    read(reader) {
      const config = readBertConfig(reader, reader.number(['pad_token_id'], 1) + 1);
      return {
        ...config,
        maximumLength: config.positions - config.firstPosition,
        layout(_, labelCount) {
          const layout = new ModelLayout();
          declareBertBody(layout, config, 'roberta.');
          declareDenseHead(layout, config.hiddenSize, labelCount);
          return layout;
        },
        network: (weights) => ({
          ...buildBertBody(weights, config, 'roberta.'),
          classify: buildDenseHead(weights, config.classifierDropout, tanh),
        }),
      };
    },
  };
}

/** RoBERTa (https://arxiv.org/abs/1907.11692). */
export const roberta = robertaLike('roberta', { classification: 'RobertaForSequenceClassification' });
