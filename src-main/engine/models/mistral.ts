import { llamaFamily } from './llamaFamily.ts';

/** Mistral (https://arxiv.org/abs/2310.06825): no biases; attention looks back `sliding_window` tokens where set. */
export const mistral = llamaFamily({
  modelType: 'mistral',
  classNames: {
    none: 'MistralModel',
    classes: 'MistralForSequenceClassification',
    nextToken: 'MistralForCausalLM',
  },
  defaults: { positions: 131_072, keyValueHeads: 8 },
  biases: () => ({ queryKeyValue: false, output: false, feedForward: false }),
  windows(config, layers) {
    const window = config.windowSize('sliding_window', 4096);
    return Array.from({ length: layers }, () => window);
  },
});
