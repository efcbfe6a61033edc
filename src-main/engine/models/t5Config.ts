import { type ActivationName, activationNames } from './activations.ts';
import type { ConfigReader } from './configReader.ts';
import { ModelLayout } from './layout.ts';

// What T5, its version 1.1 (Flan-T5) and mT5 have in their config.json and in their checkpoints.

export interface T5Config {
  readonly hiddenSize: number;
  readonly headSize: number;
  readonly heads: number;
  readonly intermediateSize: number;
  /** Blocks of the encoder. */
  readonly layers: number;
  readonly decoderLayers: number;
  readonly buckets: number;
  readonly maximumDistance: number;
  readonly dropout: number;
  readonly epsilon: number;
  readonly activation: ActivationName;
  /** The feed-forward block multiplies what it activates by a second projection. */
  readonly isGated: boolean;
  /** The output layer has weights of its own where the checkpoint keeps some. */
  readonly mayHaveOwnHead: boolean;
  /** Decoder outputs are multiplied by 1/√hiddenSize on their way into the output layer. */
  readonly scalesOutput: boolean;
  /** The token every answer begins with. */
  readonly startToken: number;
  readonly vocabularySize: number;
  readonly maximumLength: number;
  readonly initializerRange: number;
}

/** How one model of the family differs from the others. */
export interface T5Traits {
  readonly feedForward: string;
  readonly tiesHead: boolean;
  /** Whether a tied output layer is scaled. */
  readonly scalesTiedHead: boolean;
  readonly vocabularySize: number;
  readonly heads: number;
  readonly intermediateSize: number;
  readonly layers: number;
}

const gated = 'gated-';
/** Distances have buckets without end, so only time and memory limit a text. */
const unlimitedLength = 131_072;

export function readT5Config(config: ConfigReader, traits: T5Traits): T5Config {
  const known = [...activationNames, ...activationNames.map((name) => `${gated}${name}`)];
  const feedForward = config.choice(['feed_forward_proj'], known, traits.feedForward);
  const isGated = feedForward.startsWith(gated);
  const asked = isGated ? feedForward.slice(gated.length) : feedForward;
  // transformers computes "gated-gelu" by the tanh form, with which these models were trained.
  const activation =
    feedForward === 'gated-gelu' ? 'gelu_new' : activationNames.find((name) => name === asked);
  const layers = config.size(['num_layers', 'num_hidden_layers'], traits.layers);
  const isTied = config.flag('tie_word_embeddings', traits.tiesHead);
  // Newer files call every model tied and say apart from it whether outputs are scaled.
  const scalesOutput = traits.scalesTiedHead && config.flag('scale_decoder_outputs', isTied);
  return {
    hiddenSize: config.size(['d_model', 'hidden_size'], 512),
    headSize: config.size(['d_kv'], 64),
    heads: config.size(['num_heads', 'num_attention_heads'], traits.heads),
    intermediateSize: config.size(['d_ff'], traits.intermediateSize),
    layers,
    decoderLayers: config.optionalSize('num_decoder_layers') ?? layers,
    buckets: config.size(['relative_attention_num_buckets'], 32),
    maximumDistance: config.size(['relative_attention_max_distance'], 128),
    dropout: config.probability(['dropout_rate'], 0.1),
    epsilon: config.number(['layer_norm_epsilon'], 1e-6),
    activation: activation ?? 'relu',
    isGated,
    mayHaveOwnHead: !isTied || !scalesOutput,
    scalesOutput,
    startToken: config.number(['decoder_start_token_id', 'pad_token_id'], 0),
    vocabularySize: config.size(['vocab_size'], traits.vocabularySize),
    maximumLength: unlimitedLength,
    initializerRange: config.number(['initializer_factor'], 1) * 0.02,
  };
}

export type Stack = 'encoder' | 'decoder';

/** Names of the modules of one block in the checkpoint. */
export function blockPaths(stack: Stack, block: number) {
  const base = `${stack}.block.${block}`;
  const last = stack === 'encoder' ? 1 : 2;
  return {
    base,
    attention: `${base}.layer.0.SelfAttention`,
    attentionNorm: `${base}.layer.0.layer_norm`,
    crossAttention: `${base}.layer.1.EncDecAttention`,
    crossNorm: `${base}.layer.1.layer_norm`,
    feedForward: `${base}.layer.${last}.DenseReluDense`,
    feedForwardNorm: `${base}.layer.${last}.layer_norm`,
  };
}

/** The table of distances that all blocks of a stack share. */
export function distanceTable(stack: Stack): string {
  return `${blockPaths(stack, 0).attention}.relative_attention_bias`;
}

function declareStack(layout: ModelLayout, config: T5Config, stack: Stack): void {
  const { hiddenSize, headSize, heads, intermediateSize, isGated } = config;
  const inner = heads * headSize;
  const declareAttention = (path: string) => {
    for (const name of ['q', 'k', 'v']) layout.linear(`${path}.${name}`, hiddenSize, inner, { bias: false });
    layout.linear(`${path}.o`, inner, hiddenSize, { bias: false });
  };
  const blocks = stack === 'encoder' ? config.layers : config.decoderLayers;
  for (let block = 0; block < blocks; block++) {
    const paths = blockPaths(stack, block);
    declareAttention(paths.attention);
    if (block === 0) layout.embedding(distanceTable(stack), config.buckets, heads);
    layout.rmsNorm(paths.attentionNorm, hiddenSize);
    if (stack === 'decoder') {
      declareAttention(paths.crossAttention);
      layout.rmsNorm(paths.crossNorm, hiddenSize);
    }
    for (const name of isGated ? ['wi_0', 'wi_1'] : ['wi']) {
      layout.linear(`${paths.feedForward}.${name}`, hiddenSize, intermediateSize, { bias: false });
    }
    layout.linear(`${paths.feedForward}.wo`, intermediateSize, hiddenSize, { bias: false });
    layout.rmsNorm(paths.feedForwardNorm, hiddenSize);
    layout.blocks.push({
      path: paths.base,
      heads,
      keyValueHeads: heads,
      headSize,
      query: `${paths.attention}.q`,
      key: `${paths.attention}.k`,
      value: `${paths.attention}.v`,
      output: `${paths.attention}.o`,
    });
  }
  layout.rmsNorm(`${stack}.final_layer_norm`, hiddenSize);
}

export function declareT5(config: T5Config): ModelLayout {
  const layout = new ModelLayout();
  layout.wordEmbedding('shared', config.vocabularySize, config.hiddenSize);
  declareStack(layout, config, 'encoder');
  declareStack(layout, config, 'decoder');
  layout.vocabularyTable(
    config.mayHaveOwnHead ? 'lm_head.weight' : null,
    config.vocabularySize,
    config.hiddenSize,
    'share',
  );
  return layout;
}
