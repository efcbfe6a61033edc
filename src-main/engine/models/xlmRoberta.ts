import { robertaLike } from './roberta.ts';

/** XLM-RoBERTa (https://arxiv.org/abs/1911.02116): RoBERTa trained on a hundred languages, its tokens from Unigram. */
export const xlmRoberta = robertaLike('xlm-roberta', 'XLMRoberta');
