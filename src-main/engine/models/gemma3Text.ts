import { isTable } from '../formats/jsonFiles.ts';
import type { ConfigReader } from './configReader.ts';
import { gemmaBiases, gemmaTraits } from './gemma2.ts';
import type { FamilyShape } from './llamaConfig.ts';
import { llamaFamily } from './llamaFamily.ts';
import { readRotaryTable } from './rotary.ts';
import type { RotaryConfig } from './rotaryFrequencies.ts';
import { localLayers } from './slidingWindow.ts';

/** All layers look back a window only, but for every sixth. */
function readLocalLayers(config: ConfigReader, layers: number): boolean[] {
  const pattern = config.size(['sliding_window_pattern', '_sliding_window_pattern'], 6);
  return localLayers(config, layers, (layer) => (layer + 1) % pattern !== 0);
}

/** Layers with a window have a smaller base than the others; either spelling of config.json. */
function readRotaries(config: ConfigReader, { layers, headSize, positions }: FamilyShape): RotaryConfig[] {
  const tables = config.table('rope_parameters') ?? {};
  const { sliding_attention: slidingTable, full_attention: fullTable } = tables;
  const local = readRotaryTable(config, isTable(slidingTable) ? slidingTable : {}, {
    headSize,
    positions,
    baseNames: ['rope_local_base_freq'],
    base: 10_000,
  });
  const whole = readRotaryTable(
    config,
    isTable(fullTable) ? fullTable : (config.table('rope_scaling') ?? {}),
    { headSize, positions, base: 1_000_000 },
  );
  return readLocalLayers(config, layers).map((isLocal) => (isLocal ? local : whole));
}

/**
 * Gemma 3 for text (https://arxiv.org/abs/2503.19786): Gemma 2 with normalised queries and keys in place of the caps,
 * and two speeds of rotation.
 */
export const gemma3Text = llamaFamily({
  modelType: 'gemma3_text',
  classNames: {
    none: 'Gemma3TextModel',
    classes: 'Gemma3TextForSequenceClassification',
    nextToken: 'Gemma3ForCausalLM',
  },
  defaults: {
    positions: 131_072,
    keyValueHeads: 4,
    headSize: 256,
    activation: 'gelu_pytorch_tanh',
    tiesHead: true,
  },
  biases: gemmaBiases,
  windows(config, layers) {
    const window = config.windowSize('sliding_window', 4096);
    return readLocalLayers(config, layers).map((isLocal) => (isLocal ? window : null));
  },
  traits: (config, shape) => ({
    ...gemmaTraits(config, shape, { score: 0, logit: 0 }),
    normalizesHeads: true,
    // transformers keeps `attn_logit_softcapping` for Gemma 3 and computes without it.
    scoreCap: null,
    rotaries: readRotaries(config, shape),
  }),
});
