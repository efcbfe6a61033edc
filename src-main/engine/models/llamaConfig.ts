import type { Head, ModelType } from '../../contract/methods.ts';
import { type ActivationName, activationNames } from './activations.ts';
import type { ConfigReader } from './configReader.ts';
import { ModelLayout } from './layout.ts';
import { readRotary } from './rotary.ts';
import type { RotaryConfig } from './rotaryFrequencies.ts';

// What the members of the Llama family have in their config.json and in their checkpoints.

/** How a member differs from Llama; each field is Llama's where it is left out. */
export interface Traits {
  /** RMS norms of every head's queries and keys. */
  readonly normalizesHeads: boolean;
  /** Norms multiply by 1 + weight. */
  readonly hasCenteredNorms: boolean;
  /** Each sub-layer has a second norm, of its output. */
  readonly normalizesOutputs: boolean;
  /** One layer makes queries, keys and values, and one makes gate and up. */
  readonly joinsProjections: boolean;
  readonly embeddingScale: number;
  /** Scores are multiplied by 1 / √ of this: the head size, unless said otherwise. */
  readonly scoreSize: number;
  readonly scoreCap: number | null;
  readonly logitCap: number | null;
  readonly residualDropout: number;
  /** Of each block. */
  readonly rotaries: readonly RotaryConfig[];
}

/** Which linear layers have biases. */
export interface FamilyBiases {
  readonly queryKeyValue: boolean;
  readonly output: boolean;
  readonly feedForward: boolean;
}

/** What is known of a model before its traits are. */
export interface FamilyShape {
  readonly hiddenSize: number;
  readonly headSize: number;
  readonly layers: number;
  readonly positions: number;
}

/** What sets one model of the family apart. */
export interface FamilyMember {
  readonly modelType: ModelType;
  readonly classNames: Partial<Readonly<Record<Head, string>>>;
  readonly defaults: {
    readonly positions: number;
    readonly keyValueHeads: number | null;
    readonly headSize?: number;
    readonly activation?: ActivationName;
    readonly tiesHead?: boolean;
    readonly epsilon?: number;
  };
  biases(config: ConfigReader): FamilyBiases;
  /** How many tokens each layer's attention looks back, null without limit. */
  windows(config: ConfigReader, layers: number): readonly (number | null)[];
  traits?(config: ConfigReader, shape: FamilyShape): Partial<Traits>;
}

export function readFamilyConfig(config: ConfigReader, member: FamilyMember) {
  const { defaults } = member;
  const hiddenSize = config.size(['hidden_size'], 4096);
  const heads = config.size(['num_attention_heads'], 32);
  const keyValueHeads = config.size(['num_key_value_heads'], defaults.keyValueHeads ?? heads);
  const ownHeadSize = config.optionalSize('head_dim') ?? defaults.headSize ?? null;
  if (ownHeadSize === null) config.divisible('hidden_size', hiddenSize, 'num_attention_heads', heads);
  config.divisible('num_attention_heads', heads, 'num_key_value_heads', keyValueHeads);
  const headSize = ownHeadSize ?? Math.floor(hiddenSize / heads);
  const positions = config.size(['max_position_embeddings'], defaults.positions);
  const layers = config.size(['num_hidden_layers'], 32);
  const own = member.traits?.(config, { hiddenSize, headSize, layers, positions }) ?? {};
  const shared = own.rotaries ? null : readRotary(config, { headSize, positions });
  return {
    hiddenSize,
    heads,
    keyValueHeads,
    headSize,
    layers,
    intermediateSize: config.size(['intermediate_size'], 11008),
    activation: config.choice(
      ['hidden_activation', 'hidden_act'],
      activationNames,
      defaults.activation ?? 'silu',
    ),
    epsilon: config.number(['rms_norm_eps'], defaults.epsilon ?? 1e-6),
    attentionDropout: config.probability(['attention_dropout'], 0),
    tiesHead: config.flag('tie_word_embeddings', defaults.tiesHead ?? false),
    biases: member.biases(config),
    windows: member.windows(config, layers),
    vocabularySize: config.size(['vocab_size'], 32000),
    initializerRange: config.number(['initializer_range'], 0.02),
    normalizesHeads: false,
    hasCenteredNorms: false,
    normalizesOutputs: false,
    joinsProjections: false,
    embeddingScale: 1,
    scoreSize: headSize,
    scoreCap: null,
    logitCap: null,
    residualDropout: 0,
    rotaries: shared ? Array.from({ length: layers }, () => shared) : [],
    ...own,
  } satisfies Traits & Record<string, unknown>;
}
export type FamilyConfig = ReturnType<typeof readFamilyConfig>;

/** Widths of queries and of keys and values. */
export function projectionWidths({ heads, keyValueHeads, headSize }: FamilyConfig) {
  return { query: heads * headSize, keyValue: keyValueHeads * headSize };
}

function declareAttention(layout: ModelLayout, config: FamilyConfig, base: string): void {
  const { hiddenSize, headSize, biases } = config;
  const width = projectionWidths(config);
  const path = `${base}.self_attn`;
  if (config.joinsProjections) {
    layout.linear(`${path}.qkv_proj`, hiddenSize, width.query + 2 * width.keyValue, {
      bias: biases.queryKeyValue,
    });
  } else {
    layout.linear(`${path}.q_proj`, hiddenSize, width.query, { bias: biases.queryKeyValue });
    layout.linear(`${path}.k_proj`, hiddenSize, width.keyValue, { bias: biases.queryKeyValue });
    layout.linear(`${path}.v_proj`, hiddenSize, width.keyValue, { bias: biases.queryKeyValue });
  }
  layout.linear(`${path}.o_proj`, width.query, hiddenSize, { bias: biases.output });
  if (config.normalizesHeads) {
    layout.rmsNorm(`${path}.q_norm`, headSize);
    layout.rmsNorm(`${path}.k_norm`, headSize);
  }
  const projection = (name: string) => (config.joinsProjections ? `${path}.qkv_proj` : `${path}.${name}`);
  layout.blocks.push({
    path: base,
    heads: config.heads,
    keyValueHeads: config.keyValueHeads,
    headSize,
    query: projection('q_proj'),
    key: projection('k_proj'),
    value: projection('v_proj'),
    output: `${path}.o_proj`,
  });
}

function declareFeedForward(layout: ModelLayout, config: FamilyConfig, path: string): void {
  const { hiddenSize, intermediateSize } = config;
  const options = { bias: config.biases.feedForward };
  if (config.joinsProjections) {
    layout.linear(`${path}.gate_up_proj`, hiddenSize, 2 * intermediateSize, options);
  } else {
    layout.linear(`${path}.gate_proj`, hiddenSize, intermediateSize, options);
    layout.linear(`${path}.up_proj`, hiddenSize, intermediateSize, options);
  }
  layout.linear(`${path}.down_proj`, intermediateSize, hiddenSize, options);
}

/** Names of one block's norms; the last two only where outputs are normalised too. */
export function normPaths(base: string, config: FamilyConfig) {
  const after = `${base}.post_attention_layernorm`;
  return {
    attention: `${base}.input_layernorm`,
    // Where outputs have norms, the name that is elsewhere the feed-forward's own means the attention's output.
    feedForward: config.normalizesOutputs ? `${base}.pre_feedforward_layernorm` : after,
    attentionOutput: after,
    feedForwardOutput: `${base}.post_feedforward_layernorm`,
  };
}

export function declareFamilyBody(config: FamilyConfig): ModelLayout {
  const { hiddenSize } = config;
  const layout = new ModelLayout();
  layout.wordEmbedding('model.embed_tokens', config.vocabularySize, hiddenSize);
  for (let layer = 0; layer < config.layers; layer++) {
    const base = `model.layers.${layer}`;
    declareAttention(layout, config, base);
    declareFeedForward(layout, config, `${base}.mlp`);
    const { attention, feedForward, attentionOutput, feedForwardOutput } = normPaths(base, config);
    const names = config.normalizesOutputs
      ? [attention, attentionOutput, feedForward, feedForwardOutput]
      : [attention, feedForward];
    for (const name of names) layout.rmsNorm(name, hiddenSize);
  }
  layout.rmsNorm('model.norm', hiddenSize);
  return layout;
}
