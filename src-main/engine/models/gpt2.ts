import { scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import { add, slice, splitHeads } from '../ops/index.ts';
import { activationNames } from './activations.ts';
import type { Architecture, Network } from './architecture.ts';
import type { ConfigReader } from './configReader.ts';
import { type BlockSteps, buildDecoder, declareDecoderHead } from './decoder.ts';
import { applyActivated, applyDropout, applyLinear, applyNorm } from './layers.ts';
import { ModelLayout } from './layout.ts';
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

function buildNetwork(config: Config, weights: Weights, backend: Backend): Network {
  const { hiddenSize, heads, epsilon, residualDropout } = config;
  const positions = weights.parameter('transformer.wpe.weight');
  const finalNorm = weights.norm('transformer.ln_f');
  const blocks = Array.from({ length: config.layers }, (_, layer) => {
    const base = `transformer.h.${layer}`;
    return {
      norm1: weights.norm(`${base}.ln_1`),
      attention: weights.linear(`${base}.attn.c_attn`),
      projection: weights.linear(`${base}.attn.c_proj`),
      norm2: weights.norm(`${base}.ln_2`),
      expand: weights.linear(`${base}.mlp.c_fc`),
      contract: weights.linear(`${base}.mlp.c_proj`),
    };
  });
  type Block = (typeof blocks)[number];
  const headScale = config.scalesScores ? (hiddenSize / heads) ** -0.5 : 1;

  function attend(block: Block, residual: Tensor, steps: BlockSteps): Tensor {
    const { pass } = steps;
    const x = applyNorm(block.norm1, residual, epsilon);
    const [batch = 0, time = 0] = x.shape;
    const joined = applyLinear(block.attention, x, pass);
    const part = (index: number) =>
      splitHeads(slice(joined, [0, 0, index * hiddenSize], [batch, time, hiddenSize]), heads);
    const q = part(0);
    const attended = steps.attend({ x, q, k: part(1), v: part(2) });
    const output = applyDropout(applyLinear(block.projection, attended, pass), residualDropout, pass);
    return add(steps.changeAttention(output, { residual, q }), residual);
  }

  function feedForward(block: Block, residual: Tensor, steps: BlockSteps): Tensor {
    const { pass } = steps;
    const x = applyNorm(block.norm2, residual, epsilon);
    const inner = applyActivated(block.expand, config.activation, x, pass);
    const output = applyDropout(applyLinear(block.contract, inner, pass), residualDropout, pass);
    return add(steps.changeFeedForward(output, { residual }), residual);
  }

  return buildDecoder<Block>(weights, backend, {
    words: weights.parameter('transformer.wte.weight'),
    blocks,
    attention: blocks.map((_, layer) => ({
      scale: config.scalesByLayer ? headScale / (layer + 1) : headScale,
      dropout: config.attentionDropout,
      window: null,
      rotary: null,
      scoreCap: null,
    })),
    embed: (words, placesIn, pass) =>
      applyDropout(add(words, placesIn(positions)), config.embeddingDropout, pass),
    runBlock: (block, x, steps) =>
      feedForward(
        block,
        scope(() => attend(block, x, steps)),
        steps,
      ),
    finish: (hidden) => applyNorm(finalNorm, hidden, epsilon),
  });
}

/** GPT-2: pre-norm decoder with learned positions; its linear layers are stored `[in, out]`, the head tied to `wte`. */
export const gpt2: Architecture = {
  modelType: 'gpt2',
  prefix: 'transformer.',
  classNames: { none: 'GPT2Model', classes: 'GPT2ForSequenceClassification', nextToken: 'GPT2LMHeadModel' },
  read(reader) {
    const config = readConfig(reader);
    return {
      ...config,
      maximumLength: config.positions,
      layout(head, labelCount) {
        const layout = declareBody(config);
        const { hiddenSize: width, vocabularySize, tiesHead: isTied } = config;
        declareDecoderHead(layout, { head, labelCount, width, vocabularySize, isTied });
        return layout;
      },
      network: (weights, backend) => buildNetwork(config, weights, backend),
    };
  },
};
