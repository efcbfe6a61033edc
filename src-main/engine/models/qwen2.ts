import type { ConfigReader } from './configReader.ts';
import { llamaFamily } from './llamaFamily.ts';
import { localLayers } from './slidingWindow.ts';

/** Qwen's attention windows: only where `use_sliding_window`, and then from layer `max_window_layers` on. */
export function qwenWindows(config: ConfigReader, layers: number): (number | null)[] {
  const isUsed = config.flag('use_sliding_window', false);
  const window = isUsed ? config.windowSize('sliding_window', 4096) : null;
  const firstWithWindow = config.number(['max_window_layers'], 28);
  const local = localLayers(config, layers, (layer) => layer >= firstWithWindow);
  return local.map((isLocal) => (isLocal ? window : null));
}

/** Qwen2 (https://arxiv.org/abs/2407.10671): biases on query, key and value. */
export const qwen2 = llamaFamily({
  modelType: 'qwen2',
  classNames: {
    none: 'Qwen2Model',
    classes: 'Qwen2ForSequenceClassification',
    nextToken: 'Qwen2ForCausalLM',
  },
  defaults: { positions: 32_768, keyValueHeads: 32 },
  biases: () => ({ queryKeyValue: true, output: false, feedForward: false }),
  windows: qwenWindows,
});
