import { scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import {
  type AttentionOptions,
  add,
  attention,
  embedding,
  indicesFrom,
  linear,
  mergeHeads,
  slice,
  splitHeads,
} from '../ops/index.ts';
import { activate, activationNames } from './activations.ts';
import type { Architecture, BlockRange, Network } from './architecture.ts';
import type { ConfigReader } from './configReader.ts';
import { DecoderCache } from './decoderCache.ts';
import { firstPosition } from './hooks.ts';
import { applyDropout, applyLinear, applyNorm, attentionDropout, lastToken, runLayers } from './layers.ts';
import { ModelLayout } from './layout.ts';
import type { Pass } from './model.ts';
import { causalAttention } from './slidingWindow.ts';
import { type PreparedPrefix, embedWords, joinPrefix, preparePrefix } from './virtualTokens.ts';
import type { Weights } from './weights.ts';

function readConfig(config: ConfigReader) {
  const hiddenSize = config.size(['n_embd', 'hidden_size'], 768);
  const heads = config.size(['n_head', 'num_attention_heads'], 12);
  config.divisible('n_embd', hiddenSize, 'n_head', heads);
  if (config.flag('add_cross_attention', false)) config.unsupported('add_cross_attention', true, 'false');
  return {
    hiddenSize,
    heads,
    layers: config.size(['n_layer', 'num_hidden_layers'], 12),
    intermediateSize: config.size(['n_inner'], 4 * hiddenSize),
    activation: config.choice(['activation_function'], activationNames, 'gelu_new'),
    epsilon: config.number(['layer_norm_epsilon'], 1e-5),
    attentionDropout: config.probability(['attn_pdrop'], 0.1),
    residualDropout: config.probability(['resid_pdrop'], 0.1),
    embeddingDropout: config.probability(['embd_pdrop'], 0.1),
    scalesScores: config.flag('scale_attn_weights', true),
    scalesByLayer: config.flag('scale_attn_by_inverse_layer_idx', false),
    tiesHead: config.flag('tie_word_embeddings', true),
    vocabularySize: config.size(['vocab_size'], 50257),
    positions: config.size(['n_positions', 'max_position_embeddings'], 1024),
    initializerRange: config.number(['initializer_range'], 0.02),
  };
}
type Config = ReturnType<typeof readConfig>;

function declareBody(config: Config): ModelLayout {
  const { hiddenSize, intermediateSize } = config;
  const layout = new ModelLayout();
  layout.wordEmbedding('transformer.wte', config.vocabularySize, hiddenSize);
  layout.embedding('transformer.wpe', config.positions, hiddenSize);
  for (let layer = 0; layer < config.layers; layer++) {
    const base = `transformer.h.${layer}`;
    layout.layerNorm(`${base}.ln_1`, hiddenSize);
    layout.linear(`${base}.attn.c_attn`, hiddenSize, 3 * hiddenSize, { layout: 'inOut' });
    layout.linear(`${base}.attn.c_proj`, hiddenSize, hiddenSize, { layout: 'inOut' });
    layout.layerNorm(`${base}.ln_2`, hiddenSize);
    layout.linear(`${base}.mlp.c_fc`, hiddenSize, intermediateSize, { layout: 'inOut' });
    layout.linear(`${base}.mlp.c_proj`, intermediateSize, hiddenSize, { layout: 'inOut' });
    const joined = `${base}.attn.c_attn`;
    layout.blocks.push({
      path: base,
      heads: config.heads,
      keyValueHeads: config.heads,
      headSize: hiddenSize / config.heads,
      query: joined,
      key: joined,
      value: joined,
      output: `${base}.attn.c_proj`,
    });
  }
  layout.layerNorm('transformer.ln_f', hiddenSize);
  return layout;
}

function buildNetwork(config: Config, weights: Weights): Network {
  const { hiddenSize, heads, epsilon, residualDropout } = config;
  const words = weights.parameter('transformer.wte.weight');
  const positions = weights.parameter('transformer.wpe.weight');
  const finalNorm = weights.norm('transformer.ln_f');
  const blocks = Array.from({ length: config.layers }, (_, layer) => {
    const base = `transformer.h.${layer}`;
    const headScale = config.scalesScores ? (hiddenSize / heads) ** -0.5 : 1;
    return {
      norm1: weights.norm(`${base}.ln_1`),
      attention: weights.linear(`${base}.attn.c_attn`),
      projection: weights.linear(`${base}.attn.c_proj`),
      norm2: weights.norm(`${base}.ln_2`),
      expand: weights.linear(`${base}.mlp.c_fc`),
      contract: weights.linear(`${base}.mlp.c_proj`),
      scale: config.scalesByLayer ? headScale / (layer + 1) : headScale,
    };
  });
  type Block = (typeof blocks)[number];
  type Seen = Pick<AttentionOptions, 'mask' | 'causal'>;
  type Remember = (layer: number, k: Tensor, v: Tensor) => { readonly k: Tensor; readonly v: Tensor };
  interface Context {
    readonly seen: Seen;
    readonly prefix: PreparedPrefix | null;
    readonly remember: Remember;
    readonly pass: Pass;
  }

  function attend(block: Block, x: Tensor, layer: number, context: Context): Tensor {
    const { seen, pass } = context;
    const hook = weights.hooks.blocks[layer]?.attentionOutput ?? null;
    const normed = applyNorm(block.norm1, x, epsilon);
    const [batch = 0, time = 0] = x.shape;
    const joined = applyLinear(block.attention, normed, pass);
    const part = (index: number) =>
      splitHeads(slice(joined, [0, 0, index * hiddenSize], [batch, time, hiddenSize]), heads);
    const q = part(0);
    const own = joinPrefix(context.prefix, layer, normed, { k: part(1), v: part(2) }, pass);
    const { k, v } = context.remember(layer, own.k, own.v);
    const dropout = attentionDropout(config.attentionDropout, pass);
    const attended = attention(q, k, v, { ...seen, scale: block.scale, dropout });
    const projected = applyLinear(block.projection, mergeHeads(attended), pass);
    const dropped = applyDropout(projected, residualDropout, pass);
    const around = { residual: x, normalize: null, pass, query: () => q };
    return add(hook ? hook(dropped, around) : dropped, x);
  }

  function feedForward(block: Block, x: Tensor, layer: number, pass: Pass): Tensor {
    const hook = weights.hooks.blocks[layer]?.feedForwardOutput ?? null;
    const normed = applyNorm(block.norm2, x, epsilon);
    const inner = activate(config.activation, applyLinear(block.expand, normed, pass));
    const dropped = applyDropout(applyLinear(block.contract, inner, pass), residualDropout, pass);
    return add(hook ? hook(dropped, { residual: x, normalize: null, pass }) : dropped, x);
  }

  function run(hidden: Tensor, context: Context, range?: BlockRange): Tensor {
    const { seen, prefix } = context;
    const masks = seen.mask ? [seen.mask] : [];
    const shared = [...masks, ...(prefix?.prepared ?? [])];
    const runBlock = (
      block: Block,
      x: Tensor,
      given: { index: number; pass: Pass; shared: readonly Tensor[] },
    ) => {
      const layerContext = {
        ...context,
        seen: { causal: seen.causal, mask: seen.mask && (given.shared[0] ?? null) },
        prefix: prefix && { ...prefix, prepared: given.shared.slice(masks.length) },
        pass: given.pass,
      };
      const attended = scope(() => attend(block, x, given.index, layerContext));
      return feedForward(block, attended, given.index, given.pass);
    };
    return runLayers(hidden, blocks, context.pass, shared, runBlock, range);
  }

  const finish = (hidden: Tensor) => applyNorm(finalNorm, hidden, epsilon);

  const head = weights.parameters.get('lm_head.weight') ?? words;
  const score = weights.linears.get('score');
  return {
    embed: ({ inputIds }, pass) =>
      scope(() => {
        const found = embedWords(words.value, inputIds, weights.hooks, pass);
        const [, time = 0] = found.shape;
        const places = slice(positions.value, [firstPosition(weights.hooks), 0], [time, hiddenSize]);
        const sum = add(found, places);
        return applyDropout(sum, config.embeddingDropout, pass);
      }),
    runBlocks: (hidden, _, pass, range) =>
      scope(() => {
        const [, time = 0] = hidden.shape;
        const seen = causalAttention(hidden.backend, time, null);
        const remember: Remember = (_layer, k, v) => ({ k, v });
        const prefix = preparePrefix(weights.hooks, pass);
        return run(hidden, { seen, prefix, remember, pass }, range);
      }),
    finish,
    classifiedToken: 'last',
    encodeCached: (batch, cache, pass) =>
      scope(() => {
        const { hooks } = weights;
        const tokens = cache.begin(batch, firstPosition(hooks));
        const found = embedWords(words.value, batch.inputIds, hooks, pass, tokens.isFirst);
        const ids = indicesFrom(found.backend, tokens.positions.flat(), found.shape.slice(0, 2));
        const sum = add(found, embedding(positions.value, ids));
        const embedded = hooks.embedded ? hooks.embedded(sum, pass) : sum;
        const prefix = tokens.isFirst ? preparePrefix(hooks, pass) : null;
        const remember: Remember = (layer, k, v) => cache.append(layer, k, v);
        return finish(run(embedded, { seen: tokens.attention(null), prefix, remember, pass }));
      }),
    makeCache: () => new DecoderCache(words.value.backend, config.layers),
    vocabularyLogits: (rows) => linear(weights.hooks.beforeVocabulary?.(rows) ?? rows, head.value, null),
    classify(hidden, batch, pass) {
      if (score === undefined) throw new Error('This model was loaded without a classification head.');
      return applyLinear(score, lastToken(hidden, batch), pass);
    },
  };
}

/** GPT-2: pre-norm decoder with learned positions; its linear layers are stored `[in, out]`, the head tied to `wte`. */
export const gpt2: Architecture = {
  modelType: 'gpt2',
  prefix: 'transformer.',
  classNames: { classification: 'GPT2ForSequenceClassification', causalLm: 'GPT2LMHeadModel' },
  read(reader) {
    const config = readConfig(reader);
    return {
      ...config,
      maximumLength: config.positions,
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
      network: (weights) => buildNetwork(config, weights),
    };
  },
};
