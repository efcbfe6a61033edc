import { llamaFamily } from './llamaFamily.ts';

/** Qwen2 (https://arxiv.org/abs/2407.10671): biases on query, key and value; windows only where `use_sliding_window`. */
export const qwen2 = llamaFamily({
  modelType: 'qwen2',
  classNames: { classification: 'Qwen2ForSequenceClassification', causalLm: 'Qwen2ForCausalLM' },
  defaults: { positions: 32_768, keyValueHeads: 32 },
  biases: () => ({ queryKeyValue: true, output: false, feedForward: false }),
  windows(config, layers) {
    const isUsed = config.flag('use_sliding_window', false);
    const window = isUsed ? config.windowSize('sliding_window', 4096) : null;
    const firstWithWindow = config.number(['max_window_layers'], 28);
    const types = config.texts('layer_types');
    return Array.from({ length: layers }, (_, layer) => {
      const hasWindow = types ? types[layer] === 'sliding_attention' : layer >= firstWithWindow;
      return hasWindow ? window : null;
    });
  },
});
