import { llamaFamily } from './llamaFamily.ts';

/** Phi-3 and 4 (https://arxiv.org/abs/2404.14219): queries, keys and values from one layer, gate and up from another. */
export const phi3 = llamaFamily({
  modelType: 'phi3',
  classNames: { none: 'Phi3Model', classes: 'Phi3ForSequenceClassification', nextToken: 'Phi3ForCausalLM' },
  defaults: { positions: 4096, keyValueHeads: null, epsilon: 1e-5 },
  biases: () => ({ queryKeyValue: false, output: false, feedForward: false }),
  windows(config, layers) {
    const window = config.optionalSize('sliding_window');
    return Array.from({ length: layers }, () => window);
  },
  traits: (config) => ({
    joinsProjections: true,
    residualDropout: config.probability(['resid_pdrop'], 0),
  }),
});
