import type { ModelType, Task } from '../../contract/methods.ts';
import { scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import {
  type AttentionOptions,
  type RopeTables,
  add,
  attention,
  linear,
  mergeHeads,
  multiply,
  rmsNorm,
  rope,
  ropeTables,
  siluGate,
  splitHeads,
} from '../ops/index.ts';
import { activate, activationNames } from './activations.ts';
import type { Architecture, BlockRange, Network } from './architecture.ts';
import type { ConfigReader } from './configReader.ts';
import { DecoderCache } from './decoderCache.ts';
import { firstPosition } from './hooks.ts';
import { applyLinear, attentionDropout, lastToken, runLayers } from './layers.ts';
import { ModelLayout } from './layout.ts';
import type { Pass } from './model.ts';
import { type RotaryConfig, reachOf, readRotary, rotaryFrequencies } from './rotary.ts';
import { causalAttention } from './slidingWindow.ts';
import { type PreparedPrefix, embedWords, joinPrefix, preparePrefix } from './virtualTokens.ts';
import type { Weights } from './weights.ts';

// Pre-norm decoders with rotary positions, grouped queries and a gated feed-forward block, as Llama introduced them
// (https://arxiv.org/abs/2302.13971). The variants differ in defaults, biases and attention windows.

/** What sets one model of the family apart. */
export interface FamilyMember {
  readonly modelType: ModelType;
  readonly classNames: Readonly<Record<Task, string>>;
  readonly defaults: { readonly positions: number; readonly keyValueHeads: number | null };
  /** Which linear layers have biases. */
  biases(config: ConfigReader): {
    readonly queryKeyValue: boolean;
    readonly output: boolean;
    readonly feedForward: boolean;
  };
  /** How many tokens each layer's attention looks back, null without limit. */
  windows(config: ConfigReader, layers: number): readonly (number | null)[];
}

function readConfig(config: ConfigReader, member: FamilyMember) {
  const hiddenSize = config.size(['hidden_size'], 4096);
  const heads = config.size(['num_attention_heads'], 32);
  const keyValueHeads = config.size(['num_key_value_heads'], member.defaults.keyValueHeads ?? heads);
  const headSize = config.optionalSize('head_dim');
  if (headSize === null) config.divisible('hidden_size', hiddenSize, 'num_attention_heads', heads);
  config.divisible('num_attention_heads', heads, 'num_key_value_heads', keyValueHeads);
  const positions = config.size(['max_position_embeddings'], member.defaults.positions);
  const layers = config.size(['num_hidden_layers'], 32);
  return {
    hiddenSize,
    heads,
    keyValueHeads,
    headSize: headSize ?? Math.floor(hiddenSize / heads),
    layers,
    intermediateSize: config.size(['intermediate_size'], 11008),
    activation: config.choice(['hidden_act'], activationNames, 'silu'),
    epsilon: config.number(['rms_norm_eps'], 1e-6),
    attentionDropout: config.probability(['attention_dropout'], 0),
    positions,
    rotary: readRotary(config, positions) satisfies RotaryConfig,
    tiesHead: config.flag('tie_word_embeddings', false),
    biases: member.biases(config),
    windows: member.windows(config, layers),
    vocabularySize: config.size(['vocab_size'], 32000),
    initializerRange: config.number(['initializer_range'], 0.02),
  };
}
type Config = ReturnType<typeof readConfig>;

function declareBody(config: Config): ModelLayout {
  const { hiddenSize, headSize, intermediateSize, biases } = config;
  const queryWidth = config.heads * headSize;
  const keyWidth = config.keyValueHeads * headSize;
  const layout = new ModelLayout();
  layout.wordEmbedding('model.embed_tokens', config.vocabularySize, hiddenSize);
  for (let layer = 0; layer < config.layers; layer++) {
    const base = `model.layers.${layer}`;
    layout.linear(`${base}.self_attn.q_proj`, hiddenSize, queryWidth, { bias: biases.queryKeyValue });
    layout.linear(`${base}.self_attn.k_proj`, hiddenSize, keyWidth, { bias: biases.queryKeyValue });
    layout.linear(`${base}.self_attn.v_proj`, hiddenSize, keyWidth, { bias: biases.queryKeyValue });
    layout.linear(`${base}.self_attn.o_proj`, queryWidth, hiddenSize, { bias: biases.output });
    layout.linear(`${base}.mlp.gate_proj`, hiddenSize, intermediateSize, { bias: biases.feedForward });
    layout.linear(`${base}.mlp.up_proj`, hiddenSize, intermediateSize, { bias: biases.feedForward });
    layout.linear(`${base}.mlp.down_proj`, intermediateSize, hiddenSize, { bias: biases.feedForward });
    layout.rmsNorm(`${base}.input_layernorm`, hiddenSize);
    layout.rmsNorm(`${base}.post_attention_layernorm`, hiddenSize);
    layout.blocks.push({
      path: base,
      heads: config.heads,
      keyValueHeads: config.keyValueHeads,
      headSize,
      query: `${base}.self_attn.q_proj`,
      key: `${base}.self_attn.k_proj`,
      value: `${base}.self_attn.v_proj`,
      output: `${base}.self_attn.o_proj`,
    });
  }
  layout.rmsNorm('model.norm', hiddenSize);
  return layout;
}

type Seen = Pick<AttentionOptions, 'mask' | 'causal'>;

/** How tokens see each other under every window of a model; made once, so that it outlives the layers' scopes. */
function prepareWindows(
  windows: readonly (number | null)[],
  make: (window: number | null) => Seen,
): ReadonlyMap<number | null, Seen> {
  return new Map([...new Set(windows)].map((window) => [window, make(window)]));
}

function buildNetwork(config: Config, weights: Weights, backend: Backend): Network {
  const { heads, keyValueHeads, headSize, epsilon } = config;
  const words = weights.parameter('model.embed_tokens.weight');
  const finalNorm = weights.parameter('model.norm.weight');
  const blocks = config.windows.map((window, layer) => {
    const base = `model.layers.${layer}`;
    return {
      window,
      inputNorm: weights.parameter(`${base}.input_layernorm.weight`),
      query: weights.linear(`${base}.self_attn.q_proj`),
      key: weights.linear(`${base}.self_attn.k_proj`),
      value: weights.linear(`${base}.self_attn.v_proj`),
      output: weights.linear(`${base}.self_attn.o_proj`),
      attentionNorm: weights.parameter(`${base}.post_attention_layernorm.weight`),
      gate: weights.linear(`${base}.mlp.gate_proj`),
      up: weights.linear(`${base}.mlp.up_proj`),
      down: weights.linear(`${base}.mlp.down_proj`),
    };
  });
  type Block = (typeof blocks)[number];
  type Remember = (layer: number, k: Tensor, v: Tensor) => { readonly k: Tensor; readonly v: Tensor };
  interface Context {
    readonly tables: RopeTables;
    readonly seenWithin: ReadonlyMap<number | null, Seen>;
    readonly prefix: PreparedPrefix | null;
    readonly remember: Remember;
    readonly pass: Pass;
  }

  function attend(block: Block, x: Tensor, layer: number, context: Context): Tensor {
    const { tables, pass } = context;
    const hook = weights.hooks.blocks[layer]?.attentionOutput ?? null;
    const normed = rmsNorm(x, block.inputNorm.value, epsilon);
    const q = rope(splitHeads(applyLinear(block.query, normed, pass), heads), tables);
    const newK = rope(splitHeads(applyLinear(block.key, normed, pass), keyValueHeads), tables);
    const newV = splitHeads(applyLinear(block.value, normed, pass), keyValueHeads);
    const own = joinPrefix(context.prefix, layer, normed, { k: newK, v: newV }, pass);
    const { k, v } = context.remember(layer, own.k, own.v);
    const dropout = attentionDropout(config.attentionDropout, pass);
    const seen = context.seenWithin.get(block.window) ?? { mask: null, causal: true };
    const options = { ...seen, scale: headSize ** -0.5, dropout };
    const output = applyLinear(block.output, mergeHeads(attention(q, k, v, options)), pass);
    const around = { residual: x, normalize: null, pass, query: () => q };
    return add(x, hook ? hook(output, around) : output);
  }

  function feedForward(block: Block, x: Tensor, layer: number, pass: Pass): Tensor {
    const hook = weights.hooks.blocks[layer]?.feedForwardOutput ?? null;
    const normed = rmsNorm(x, block.attentionNorm.value, epsilon);
    const gate = applyLinear(block.gate, normed, pass);
    const up = applyLinear(block.up, normed, pass);
    const isSilu = config.activation === 'silu' || config.activation === 'swish';
    const inner = isSilu ? siluGate(gate, up) : multiply(activate(config.activation, gate), up);
    const output = applyLinear(block.down, inner, pass);
    return add(x, hook ? hook(output, { residual: x, normalize: null, pass }) : output);
  }

  function tablesFor(positions: readonly (readonly number[])[]): RopeTables {
    const length = 1 + positions.flat().reduce((longest, position) => Math.max(longest, position), 0);
    return ropeTables(
      backend,
      positions,
      rotaryFrequencies(config.rotary, headSize, config.positions, length),
    );
  }

  function run(hidden: Tensor, context: Context, range?: BlockRange): Tensor {
    const { tables, seenWithin, prefix } = context;
    const windows = [...seenWithin];
    const masks = windows.flatMap(([, { mask }]) => mask ?? []);
    const shared = [tables.cos, tables.sin, ...masks, ...(prefix?.prepared ?? [])];
    return runLayers(
      hidden,
      blocks,
      context.pass,
      shared,
      (block, x, given) => {
        const [cos = tables.cos, sin = tables.sin, ...others] = given.shared;
        const givenWindows = windows.map(([window, { mask, causal }]) => {
          const place = mask === null ? -1 : masks.indexOf(mask);
          return [window, { causal, mask: others[place] ?? null }] as const;
        });
        const layerContext = {
          ...context,
          tables: { cos, sin },
          seenWithin: new Map(givenWindows),
          prefix: prefix && { ...prefix, prepared: others.slice(masks.length) },
          pass: given.pass,
        };
        const attended = scope(() => attend(block, x, given.index, layerContext));
        return feedForward(block, attended, given.index, given.pass);
      },
      range,
    );
  }

  const finish = (hidden: Tensor) => rmsNorm(hidden, finalNorm.value, epsilon);

  const head = weights.parameters.get('lm_head.weight') ?? words;
  const score = weights.linears.get('score');
  return {
    embed: ({ inputIds }, pass) => scope(() => embedWords(words.value, inputIds, weights.hooks, pass)),
    runBlocks: (hidden, _, pass, range) =>
      scope(() => {
        const [, time = 0] = hidden.shape;
        const before = firstPosition(weights.hooks);
        const tables = tablesFor([Array.from({ length: time }, (_, position) => before + position)]);
        const seenWithin = prepareWindows(config.windows, (window) =>
          causalAttention(backend, time, window, before),
        );
        const prefix = preparePrefix(weights.hooks, pass);
        const remember: Remember = (_, k, v) => ({ k, v });
        return run(hidden, { tables, seenWithin, prefix, remember, pass }, range);
      }),
    finish,
    classifiedToken: 'last',
    encodeCached: (batch, cache, pass) =>
      scope(() => {
        const { hooks } = weights;
        const tokens = cache.begin(batch, firstPosition(hooks));
        const tables = tablesFor(tokens.positions);
        const seenWithin = prepareWindows(config.windows, (window) => tokens.attention(window));
        const remember: Remember = (layer, k, v) => cache.append(layer, k, v);
        const found = embedWords(words.value, batch.inputIds, hooks, pass, tokens.isFirst);
        const embedded = hooks.embedded ? hooks.embedded(found, pass) : found;
        const prefix = tokens.isFirst ? preparePrefix(hooks, pass) : null;
        return finish(run(embedded, { tables, seenWithin, prefix, remember, pass }));
      }),
    makeCache: () => new DecoderCache(backend, config.layers),
    vocabularyLogits: (rows) => linear(weights.hooks.beforeVocabulary?.(rows) ?? rows, head.value, null),
    classify(hidden, batch, pass) {
      if (score === undefined) throw new Error('This model was loaded without a classification head.');
      return applyLinear(score, lastToken(hidden, batch), pass);
    },
  };
}

/** A model of the family from what sets it apart. */
export function llamaFamily(member: FamilyMember): Architecture {
  return {
    modelType: member.modelType,
    prefix: 'model.',
    classNames: member.classNames,
    read(reader) {
      const config = readConfig(reader, member);
      return {
        ...config,
        maximumLength: reachOf(config.rotary, config.positions),
        layout(task, labelCount) {
          const layout = declareBody(config);
          if (task === 'classification') {
            layout.linear('score', config.hiddenSize, labelCount, { bias: false, optional: true });
            layout.headModules.push('score');
          } else if (!config.tiesHead) {
            layout.embedding('lm_head', config.vocabularySize, config.hiddenSize);
          }
          return layout;
        },
        network: (weights, backend) => buildNetwork(config, weights, backend),
      };
    },
  };
}
