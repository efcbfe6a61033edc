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
import { applyDropout, applyLinear, applyNorm, attentionDropout, lastToken, runLayers } from './layers.ts';
import { ModelLayout } from './layout.ts';
import type { Pass } from './model.ts';
import { causalAttention } from './slidingWindow.ts';
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
  layout.embedding('transformer.wte', config.vocabularySize, hiddenSize);
  layout.embedding('transformer.wpe', config.positions, hiddenSize);
  for (let layer = 0; layer < config.layers; layer++) {
    const base = `transformer.h.${layer}`;
    layout.layerNorm(`${base}.ln_1`, hiddenSize);
    layout.linear(`${base}.attn.c_attn`, hiddenSize, 3 * hiddenSize, { layout: 'inOut' });
    layout.linear(`${base}.attn.c_proj`, hiddenSize, hiddenSize, { layout: 'inOut' });
    layout.layerNorm(`${base}.ln_2`, hiddenSize);
    layout.linear(`${base}.mlp.c_fc`, hiddenSize, intermediateSize, { layout: 'inOut' });
    layout.linear(`${base}.mlp.c_proj`, intermediateSize, hiddenSize, { layout: 'inOut' });
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
  type Remember = (k: Tensor, v: Tensor) => { readonly k: Tensor; readonly v: Tensor };

  function attend(block: Block, x: Tensor, seen: Seen, remember: Remember, pass: Pass): Tensor {
    const normed = applyNorm(block.norm1, x, epsilon);
    const [batch = 0, time = 0] = x.shape;
    const joined = applyLinear(block.attention, normed, pass);
    const part = (index: number) =>
      splitHeads(slice(joined, [0, 0, index * hiddenSize], [batch, time, hiddenSize]), heads);
    const { k, v } = remember(part(1), part(2));
    const dropout = attentionDropout(config.attentionDropout, pass);
    const attended = attention(part(0), k, v, { ...seen, scale: block.scale, dropout });
    const output = applyLinear(block.projection, mergeHeads(attended), pass);
    return add(applyDropout(output, residualDropout, pass), x);
  }

  function feedForward(block: Block, x: Tensor, pass: Pass): Tensor {
    const normed = applyNorm(block.norm2, x, epsilon);
    const inner = activate(config.activation, applyLinear(block.expand, normed, pass));
    return add(applyDropout(applyLinear(block.contract, inner, pass), residualDropout, pass), x);
  }

  function run(
    hidden: Tensor,
    seen: Seen,
    rememberIn: (layer: number) => Remember,
    pass: Pass,
    range?: BlockRange,
  ): Tensor {
    const masks = seen.mask ? [seen.mask] : [];
    const runBlock = (
      block: Block,
      x: Tensor,
      given: { index: number; pass: Pass; shared: readonly Tensor[] },
    ) => {
      const { causal } = seen;
      const [mask = null] = given.shared;
      const remember = rememberIn(given.index);
      const attended = scope(() => attend(block, x, { mask, causal }, remember, given.pass));
      return feedForward(block, attended, given.pass);
    };
    return runLayers(hidden, blocks, pass, masks, runBlock, range);
  }

  const finish = (hidden: Tensor) => applyNorm(finalNorm, hidden, epsilon);

  const head = weights.parameters.get('lm_head.weight') ?? words;
  const score = weights.linears.get('score');
  return {
    embed: ({ inputIds }, pass) =>
      scope(() => {
        const [, time = 0] = inputIds.shape;
        const places = slice(positions.value, [0, 0], [time, hiddenSize]);
        const sum = add(embedding(words.value, inputIds), places);
        return applyDropout(sum, config.embeddingDropout, pass);
      }),
    runBlocks: (hidden, { inputIds }, pass, range) =>
      scope(() => {
        const [, time = 0] = inputIds.shape;
        const seen = causalAttention(inputIds.backend, time, null);
        const keepNothing = () => (k: Tensor, v: Tensor) => ({ k, v });
        return run(hidden, seen, keepNothing, pass, range);
      }),
    finish,
    classifiedToken: 'last',
    encodeCached: (batch, cache, pass) =>
      scope(() => {
        const tokens = cache.begin(batch);
        const ids = indicesFrom(batch.inputIds.backend, tokens.positions.flat(), batch.inputIds.shape);
        const sum = add(embedding(words.value, batch.inputIds), embedding(positions.value, ids));
        const remember = (layer: number) => (k: Tensor, v: Tensor) => cache.append(layer, k, v);
        return finish(run(sum, tokens.attention(null), remember, pass));
      }),
    makeCache: () => new DecoderCache(words.value.backend, config.layers),
    vocabularyLogits: (rows) => linear(rows, head.value, null),
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
