import { scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import { add, splitHeads } from '../ops/index.ts';
import { activationNames } from './activations.ts';
import type { Architecture, Network } from './architecture.ts';
import type { ConfigReader } from './configReader.ts';
import { type BlockSteps, buildDecoder, declareDecoderHead } from './decoder.ts';
import { applyActivated, applyDropout, applyLinear, applyNorm } from './layers.ts';
import { ModelLayout } from './layout.ts';
import type { Linear } from './model.ts';
import type { Weights } from './weights.ts';

/** Rows of the table of positions that no token uses. */
const unusedPositions = 2;

function readConfig(config: ConfigReader) {
  const hiddenSize = config.size(['hidden_size'], 768);
  const heads = config.size(['num_attention_heads'], 12);
  config.divisible('hidden_size', hiddenSize, 'num_attention_heads', heads);
  for (const name of ['enable_bias', 'layer_norm_elementwise_affine'] as const) {
    if (!config.flag(name, true)) config.unsupported(name, false, 'true');
  }
  const normsFirst = config.flag('do_layer_norm_before', true);
  return {
    hiddenSize,
    heads,
    layers: config.size(['num_hidden_layers'], 12),
    intermediateSize: config.size(['ffn_dim'], 3072),
    activation: config.choice(['activation_function'], activationNames, 'relu'),
    epsilon: 1e-5,
    dropout: config.probability(['dropout'], 0.1),
    attentionDropout: config.probability(['attention_dropout'], 0),
    /** Whether norms stand before the sub-layers; the 350M model has them behind. */
    normsFirst,
    hasFinalNorm: normsFirst && !config.flag('_remove_final_layer_norm', false),
    /** Width of the embeddings; where it is not the blocks' own, linear layers lead in and out. */
    embeddingSize: config.size(['word_embed_proj_dim'], hiddenSize),
    tiesHead: config.flag('tie_word_embeddings', true),
    vocabularySize: config.size(['vocab_size'], 50272),
    positions: config.size(['max_position_embeddings'], 2048),
    initializerRange: config.number(['init_std'], 0.02),
  };
}
type Config = ReturnType<typeof readConfig>;

function declareBody(config: Config): ModelLayout {
  const { hiddenSize, intermediateSize, embeddingSize } = config;
  const layout = new ModelLayout();
  const root = 'model.decoder';
  layout.wordEmbedding(`${root}.embed_tokens`, config.vocabularySize, embeddingSize);
  layout.embedding(`${root}.embed_positions`, config.positions + unusedPositions, hiddenSize);
  if (embeddingSize !== hiddenSize) {
    layout.linear(`${root}.project_in`, embeddingSize, hiddenSize, { bias: false });
    layout.linear(`${root}.project_out`, hiddenSize, embeddingSize, { bias: false });
  }
  for (let layer = 0; layer < config.layers; layer++) {
    const base = `${root}.layers.${layer}`;
    const path = (name: string) => `${base}.self_attn.${name}`;
    for (const name of ['k_proj', 'v_proj', 'q_proj', 'out_proj']) {
      layout.linear(path(name), hiddenSize, hiddenSize);
    }
    layout.layerNorm(`${base}.self_attn_layer_norm`, hiddenSize);
    layout.linear(`${base}.fc1`, hiddenSize, intermediateSize);
    layout.linear(`${base}.fc2`, intermediateSize, hiddenSize);
    layout.layerNorm(`${base}.final_layer_norm`, hiddenSize);
    layout.blocks.push({
      path: base,
      heads: config.heads,
      keyValueHeads: config.heads,
      headSize: hiddenSize / config.heads,
      query: path('q_proj'),
      key: path('k_proj'),
      value: path('v_proj'),
      output: path('out_proj'),
    });
  }
  if (config.hasFinalNorm) layout.layerNorm(`${root}.final_layer_norm`, hiddenSize);
  return layout;
}

function buildNetwork(config: Config, weights: Weights, backend: Backend): Network {
  const { hiddenSize, heads, epsilon, dropout, normsFirst } = config;
  const root = 'model.decoder';
  const positions = weights.parameter(`${root}.embed_positions.weight`);
  const projectIn = weights.findLinear(`${root}.project_in`);
  const projectOut = weights.findLinear(`${root}.project_out`);
  const finalNorm = config.hasFinalNorm ? weights.norm(`${root}.final_layer_norm`) : null;
  const blocks = Array.from({ length: config.layers }, (_, layer) => {
    const base = `${root}.layers.${layer}`;
    return {
      query: weights.linear(`${base}.self_attn.q_proj`),
      key: weights.linear(`${base}.self_attn.k_proj`),
      value: weights.linear(`${base}.self_attn.v_proj`),
      output: weights.linear(`${base}.self_attn.out_proj`),
      attentionNorm: weights.norm(`${base}.self_attn_layer_norm`),
      expand: weights.linear(`${base}.fc1`),
      contract: weights.linear(`${base}.fc2`),
      feedForwardNorm: weights.norm(`${base}.final_layer_norm`),
    };
  });
  type Block = (typeof blocks)[number];
  type Norm = Block['attentionNorm'];

  /** The norm where it stands before a sub-layer, and where it stands behind. */
  function normsOf(norm: Norm) {
    const normalize = (x: Tensor) => applyNorm(norm, x, epsilon);
    const keep = (x: Tensor) => x;
    return normsFirst
      ? { before: normalize, after: keep, hooked: {} }
      : { before: keep, after: normalize, hooked: { normalize } };
  }

  function attend(block: Block, residual: Tensor, steps: BlockSteps): Tensor {
    const { pass } = steps;
    const { before, after, hooked } = normsOf(block.attentionNorm);
    const x = before(residual);
    const split = (linear: Linear) => splitHeads(applyLinear(linear, x, pass), heads);
    const q = split(block.query);
    const attended = steps.attend({ x, q, k: split(block.key), v: split(block.value) });
    const output = applyDropout(applyLinear(block.output, attended, pass), dropout, pass);
    return after(add(residual, steps.changeAttention(output, { residual, q, ...hooked })));
  }

  function feedForward(block: Block, residual: Tensor, steps: BlockSteps): Tensor {
    const { pass } = steps;
    const { before, after, hooked } = normsOf(block.feedForwardNorm);
    const inner = applyActivated(block.expand, config.activation, before(residual), pass);
    const output = applyDropout(applyLinear(block.contract, inner, pass), dropout, pass);
    return after(add(residual, steps.changeFeedForward(output, { residual, ...hooked })));
  }

  return buildDecoder<Block>(weights, backend, {
    words: weights.parameter(`${root}.embed_tokens.weight`),
    blocks,
    attention: blocks.map(() => ({
      scale: (hiddenSize / heads) ** -0.5,
      dropout: config.attentionDropout,
      window: null,
      rotary: null,
      scoreCap: null,
    })),
    embed(words, placesIn, pass) {
      const wide = projectIn ? applyLinear(projectIn, words, pass) : words;
      return add(wide, placesIn(positions, unusedPositions));
    },
    runBlock: (block, x, steps) =>
      feedForward(
        block,
        scope(() => attend(block, x, steps)),
        steps,
      ),
    finish(hidden, pass) {
      const normed = finalNorm ? applyNorm(finalNorm, hidden, epsilon) : hidden;
      return projectOut ? applyLinear(projectOut, normed, pass) : normed;
    },
  });
}

/** OPT (https://arxiv.org/abs/2205.01068): learned positions, ReLU, head tied to the word embeddings. */
export const opt: Architecture = {
  modelType: 'opt',
  prefix: 'model.',
  classNames: { none: 'OPTModel', classes: 'OPTForSequenceClassification', nextToken: 'OPTForCausalLM' },
  read(reader) {
    const config = readConfig(reader);
    return {
      ...config,
      maximumLength: config.positions,
      layout(head, labelCount) {
        const layout = declareBody(config);
        const { embeddingSize: width, vocabularySize, tiesHead: isTied } = config;
        declareDecoderHead(layout, { head, labelCount, width, vocabularySize, isTied });
        return layout;
      },
      network: (weights, backend) => buildNetwork(config, weights, backend),
    };
  },
};
