import type { Model } from '../models/model.ts';
import type { Pooling } from './pooling.ts';

/**
 * The files by which sentence-transformers (https://sbert.net) loads a model folder: what its modules are, and how tokens
 * become one vector of length 1.
 */
export function sentenceTransformersFiles(
  model: Model,
  pooling: Pooling,
  maximumLength: number,
): Readonly<Record<string, unknown>> {
  const kinds = ['Transformer', 'Pooling', 'Normalize'];
  return {
    'modules.json': kinds.map((kind, index) => ({
      idx: index,
      name: String(index),
      path: index === 0 ? '' : `${index}_${kind}`,
      type: `sentence_transformers.models.${kind}`,
    })),
    'sentence_bert_config.json': {
      max_seq_length: Math.min(maximumLength, model.maximumLength),
      do_lower_case: false,
    },
    '1_Pooling/config.json': {
      word_embedding_dimension: model.hiddenSize,
      pooling_mode_cls_token: pooling === 'first',
      pooling_mode_mean_tokens: pooling === 'mean',
      pooling_mode_max_tokens: false,
      pooling_mode_mean_sqrt_len_tokens: false,
      pooling_mode_weightedmean_tokens: false,
      pooling_mode_lasttoken: pooling === 'last',
      include_prompt: true,
    },
    '2_Normalize/config.json': {},
    'config_sentence_transformers.json': {
      prompts: {},
      default_prompt_name: null,
      similarity_fn_name: 'cosine',
    },
  };
}
