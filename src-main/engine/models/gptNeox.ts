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
import { reachOf, readRotary } from './rotary.ts';
import type { Weights } from './weights.ts';

function readConfig(config: ConfigReader) {
  const hiddenSize = config.size(['hidden_size'], 6144);
  const heads = config.size(['num_attention_heads'], 64);
  config.divisible('hidden_size', hiddenSize, 'num_attention_heads', heads);
  const headSize = Math.floor(hiddenSize / heads);
  return {
    hiddenSize,
    heads,
    headSize,
    layers: config.size(['num_hidden_layers'], 44),
    intermediateSize: config.size(['intermediate_size'], 24_576),
    activation: config.choice(['hidden_act'], activationNames, 'gelu'),
    epsilon: config.number(['layer_norm_eps'], 1e-5),
    attentionDropout: config.probability(['attention_dropout'], 0),
    hiddenDropout: config.probability(['hidden_dropout'], 0),
    hasBias: config.flag('attention_bias', true),
    isParallel: config.flag('use_parallel_residual', true),
    rotary: readRotary(config, {
      headSize,
      positions: config.size(['max_position_embeddings'], 2048),
      baseNames: ['rotary_emb_base'],
      shareNames: ['rotary_pct'],
      share: 0.25,
    }),
    tiesHead: config.flag('tie_word_embeddings', false),
    vocabularySize: config.size(['vocab_size'], 50_432),
    initializerRange: config.number(['initializer_range'], 0.02),
  };
}
type Config = ReturnType<typeof readConfig>;

function declareBody(config: Config): ModelLayout {
  const { hiddenSize, intermediateSize, hasBias } = config;
  const layout = new ModelLayout();
  layout.wordEmbedding('gpt_neox.embed_in', config.vocabularySize, hiddenSize);
  for (let layer = 0; layer < config.layers; layer++) {
    const base = `gpt_neox.layers.${layer}`;
    const joined = `${base}.attention.query_key_value`;
    layout.layerNorm(`${base}.input_layernorm`, hiddenSize);
    layout.layerNorm(`${base}.post_attention_layernorm`, hiddenSize);
    layout.linear(joined, hiddenSize, 3 * hiddenSize, { bias: hasBias });
    layout.linear(`${base}.attention.dense`, hiddenSize, hiddenSize, { bias: hasBias });
    layout.linear(`${base}.mlp.dense_h_to_4h`, hiddenSize, intermediateSize);
    layout.linear(`${base}.mlp.dense_4h_to_h`, intermediateSize, hiddenSize);
    layout.blocks.push({
      path: base,
      heads: config.heads,
      keyValueHeads: config.heads,
      headSize: config.headSize,
      query: joined,
      key: joined,
      value: joined,
      output: `${base}.attention.dense`,
    });
  }
  layout.layerNorm('gpt_neox.final_layer_norm', hiddenSize);
  return layout;
}

function buildNetwork(config: Config, weights: Weights, backend: Backend): Network {
  const { heads, headSize, epsilon, hiddenDropout } = config;
  const finalNorm = weights.norm('gpt_neox.final_layer_norm');
  const blocks = Array.from({ length: config.layers }, (_, layer) => {
    const base = `gpt_neox.layers.${layer}`;
    return {
      attentionNorm: weights.norm(`${base}.input_layernorm`),
      queryKeyValue: weights.linear(`${base}.attention.query_key_value`),
      output: weights.linear(`${base}.attention.dense`),
      feedForwardNorm: weights.norm(`${base}.post_attention_layernorm`),
      expand: weights.linear(`${base}.mlp.dense_h_to_4h`),
      contract: weights.linear(`${base}.mlp.dense_4h_to_h`),
    };
  });
  type Block = (typeof blocks)[number];

  /** → what attention adds to the residual. */
  function attend(block: Block, residual: Tensor, steps: BlockSteps): Tensor {
    const { pass } = steps;
    const x = applyNorm(block.attentionNorm, residual, epsilon);
    // The joined layer keeps each head's query, key and value together.
    const joined = splitHeads(applyLinear(block.queryKeyValue, x, pass), heads);
    const part = (index: number) => slice(joined, [0, 0, 0, index * headSize], [-1, -1, -1, headSize]);
    const q = steps.rotate(part(0));
    const attended = steps.attend({ x, q, k: steps.rotate(part(1)), v: part(2) });
    const output = applyDropout(applyLinear(block.output, attended, pass), hiddenDropout, pass);
    return steps.changeAttention(output, { residual, q });
  }

  /** → what the feed-forward layers add to the residual. */
  function feedForward(block: Block, residual: Tensor, steps: BlockSteps): Tensor {
    const { pass } = steps;
    const x = applyNorm(block.feedForwardNorm, residual, epsilon);
    const inner = applyActivated(block.expand, config.activation, x, pass);
    const output = applyDropout(applyLinear(block.contract, inner, pass), hiddenDropout, pass);
    return steps.changeFeedForward(output, { residual });
  }

  function runBlock(block: Block, x: Tensor, steps: BlockSteps): Tensor {
    const attended = scope(() => add(attend(block, x, steps), x));
    return add(feedForward(block, config.isParallel ? x : attended, steps), attended);
  }

  return buildDecoder<Block>(weights, backend, {
    words: weights.parameter('gpt_neox.embed_in.weight'),
    blocks,
    attention: blocks.map(() => ({
      scale: headSize ** -0.5,
      dropout: config.attentionDropout,
      window: null,
      rotary: config.rotary,
      scoreCap: null,
    })),
    embed: (words, _, pass) => applyDropout(words, hiddenDropout, pass),
    runBlock,
    finish: (hidden) => applyNorm(finalNorm, hidden, epsilon),
  });
}

/**
 * GPT-NeoX and Pythia (https://arxiv.org/abs/2204.06745): attention and feed-forward side by side, and a share of each
 * head rotated.
 */
export const gptNeox: Architecture = {
  modelType: 'gpt_neox',
  prefix: 'gpt_neox.',
  storedNames: { 'lm_head.weight': 'embed_out.weight' },
  classNames: {
    none: 'GPTNeoXModel',
    classes: 'GPTNeoXForSequenceClassification',
    nextToken: 'GPTNeoXForCausalLM',
  },
  read(reader) {
    const config = readConfig(reader);
    return {
      ...config,
      maximumLength: reachOf(config.rotary),
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
