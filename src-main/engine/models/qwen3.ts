import { llamaFamily } from './llamaFamily.ts';
import { qwenWindows } from './qwen2.ts';

/** Qwen3 (https://arxiv.org/abs/2505.09388): Qwen2 without biases, every head's queries and keys normalised. */
export const qwen3 = llamaFamily({
  modelType: 'qwen3',
  classNames: {
    none: 'Qwen3Model',
    classes: 'Qwen3ForSequenceClassification',
    nextToken: 'Qwen3ForCausalLM',
  },
  defaults: { positions: 32_768, keyValueHeads: 32, headSize: 128 },
  biases(config) {
    const attention = config.flag('attention_bias', false);
    return { queryKeyValue: attention, output: attention, feedForward: false };
  },
  windows: qwenWindows,
  traits: () => ({ normalizesHeads: true }),
});
