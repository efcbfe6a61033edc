import { llamaFamily } from './llamaFamily.ts';

/** Llama 1 to 3 (https://arxiv.org/abs/2407.21783). */
export const llama = llamaFamily({
  modelType: 'llama',
  classNames: {
    none: 'LlamaModel',
    classes: 'LlamaForSequenceClassification',
    nextToken: 'LlamaForCausalLM',
  },
  defaults: { positions: 2048, keyValueHeads: null },
  biases(config) {
    const attention = config.flag('attention_bias', false);
    return { queryKeyValue: attention, output: attention, feedForward: config.flag('mlp_bias', false) };
  },
  windows: (_, layers) => Array.from({ length: layers }, () => null),
});
