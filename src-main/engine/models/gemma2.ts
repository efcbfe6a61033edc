import type { ConfigReader } from './configReader.ts';
import type { FamilyBiases, FamilyShape, Traits } from './llamaConfig.ts';
import { llamaFamily } from './llamaFamily.ts';
import { localLayers } from './slidingWindow.ts';

export function gemmaBiases(config: ConfigReader): FamilyBiases {
  const attention = config.flag('attention_bias', false);
  return { queryKeyValue: attention, output: attention, feedForward: false };
}

/** What Gemma 2 and 3 share; `caps` are the defaults of the limits of scores and logits, 0 for none. */
export function gemmaTraits(
  config: ConfigReader,
  { hiddenSize }: FamilyShape,
  caps: { readonly score: number; readonly logit: number },
): Partial<Traits> {
  const isBidirectional = config.flag('use_bidirectional_attention', false);
  if (isBidirectional) config.unsupported('use_bidirectional_attention', true, 'false');
  return {
    hasCenteredNorms: true,
    normalizesOutputs: true,
    embeddingScale: Math.sqrt(hiddenSize),
    scoreSize: config.number(['query_pre_attn_scalar'], 256),
    scoreCap: config.cap('attn_logit_softcapping', caps.score),
    logitCap: config.cap('final_logit_softcapping', caps.logit),
  };
}

/** Gemma 2 (https://arxiv.org/abs/2408.00118): capped scores and logits, every second layer with a window. */
export const gemma2 = llamaFamily({
  modelType: 'gemma2',
  classNames: {
    none: 'Gemma2Model',
    classes: 'Gemma2ForSequenceClassification',
    nextToken: 'Gemma2ForCausalLM',
  },
  defaults: {
    positions: 8192,
    keyValueHeads: 4,
    headSize: 256,
    activation: 'gelu_pytorch_tanh',
    tiesHead: true,
  },
  biases: gemmaBiases,
  windows(config, layers) {
    const window = config.windowSize('sliding_window', 4096);
    const local = localLayers(config, layers, (layer) => layer % 2 === 0);
    return local.map((isLocal) => (isLocal ? window : null));
  },
  traits: (config, shape) => gemmaTraits(config, shape, { score: 50, logit: 30 }),
});
