import { scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import { add, embedding, slice } from '../ops/index.ts';
import { activationNames } from './activations.ts';
import type { Network } from './architecture.ts';
import type { ConfigReader } from './configReader.ts';
import { type EncoderConfig, type EncoderLayerPaths, buildEncoder, declareEncoder } from './encoder.ts';
import { firstPosition } from './hooks.ts';
import { applyDropout, applyLinear, applyNorm } from './layers.ts';
import type { ModelLayout } from './layout.ts';
import type { ModelBatch, Pass } from './model.ts';
import { learnedPositions } from './sight.ts';
import { embedWords } from './virtualTokens.ts';
import type { Weights } from './weights.ts';

// Embeddings and encoder as BERT (https://arxiv.org/abs/1810.04805), RoBERTa and ELECTRA have them.

export interface BertConfig extends EncoderConfig {
  readonly vocabularySize: number;
  /** Width of the embeddings; where it is not the layers' own, a linear layer leads from one to the other. */
  readonly embeddingSize: number;
  readonly positions: number;
  /** Position of the first token: RoBERTa's positions begin behind its padding id. */
  readonly firstPosition: number;
  readonly tokenTypes: number;
  readonly classifierDropout: number;
  readonly initializerRange: number;
  /** Whether hidden tokens are predicted with the word embeddings themselves. */
  readonly tiesVocabulary: boolean;
}

export function readBertConfig(config: ConfigReader, firstPosition: number): BertConfig {
  const hiddenSize = config.size(['hidden_size'], 768);
  const heads = config.size(['num_attention_heads'], 12);
  config.divisible('hidden_size', hiddenSize, 'num_attention_heads', heads);
  config.choice(['position_embedding_type'], ['absolute'], 'absolute');
  if (config.flag('is_decoder', false)) config.unsupported('is_decoder', true, 'false');
  const hiddenDropout = config.probability(['hidden_dropout_prob'], 0.1);
  return {
    hiddenSize,
    heads,
    layers: config.size(['num_hidden_layers'], 12),
    intermediateSize: config.size(['intermediate_size'], 3072),
    activation: config.choice(['hidden_act'], activationNames, 'gelu'),
    epsilon: config.number(['layer_norm_eps'], 1e-12),
    attentionDropout: config.probability(['attention_probs_dropout_prob'], 0.1),
    hiddenDropout,
    dropsAttentionOutput: true,
    vocabularySize: config.size(['vocab_size'], 30522),
    embeddingSize: hiddenSize,
    positions: config.size(['max_position_embeddings'], 512),
    firstPosition,
    tokenTypes: config.size(['type_vocab_size'], 2),
    classifierDropout: config.probability(['classifier_dropout'], hiddenDropout),
    initializerRange: config.number(['initializer_range'], 0.02),
    tiesVocabulary: config.flag('tie_word_embeddings', true),
  };
}

/** Name of the word embeddings. */
export function bertWords(prefix: string): string {
  return `${prefix}embeddings.word_embeddings.weight`;
}

function layerPaths(prefix: string, layer: number): EncoderLayerPaths {
  const base = `${prefix}encoder.layer.${layer}`;
  return {
    layer: base,
    query: `${base}.attention.self.query`,
    key: `${base}.attention.self.key`,
    value: `${base}.attention.self.value`,
    attentionOutput: `${base}.attention.output.dense`,
    attentionNorm: `${base}.attention.output.LayerNorm`,
    intermediate: `${base}.intermediate.dense`,
    output: `${base}.output.dense`,
    outputNorm: `${base}.output.LayerNorm`,
  };
}

export function declareBertBody(layout: ModelLayout, config: BertConfig, prefix: string): void {
  const { hiddenSize, embeddingSize } = config;
  layout.wordEmbedding(`${prefix}embeddings.word_embeddings`, config.vocabularySize, embeddingSize);
  layout.embedding(`${prefix}embeddings.position_embeddings`, config.positions, embeddingSize);
  layout.embedding(`${prefix}embeddings.token_type_embeddings`, config.tokenTypes, embeddingSize);
  layout.layerNorm(`${prefix}embeddings.LayerNorm`, embeddingSize);
  if (embeddingSize !== hiddenSize) {
    layout.linear(`${prefix}embeddings_project`, embeddingSize, hiddenSize);
  }
  declareEncoder(layout, config, (layer) => layerPaths(prefix, layer));
}

/** Everything below the head, which looks at the first token. */
export function buildBertBody(
  weights: Weights,
  config: BertConfig,
  prefix: string,
): Pick<Network, 'embed' | 'runBlocks' | 'classifiedToken' | 'canPack'> {
  const words = weights.parameter(bertWords(prefix));
  const positions = weights.parameter(`${prefix}embeddings.position_embeddings.weight`);
  const tokenTypes = weights.parameter(`${prefix}embeddings.token_type_embeddings.weight`);
  const norm = weights.norm(`${prefix}embeddings.LayerNorm`);
  const projection = weights.findLinear(`${prefix}embeddings_project`);
  const { embeddingSize, firstPosition: first } = config;

  function embed(batch: ModelBatch, pass: Pass): Tensor {
    const { inputIds, tokenTypeIds } = batch;
    const found = embedWords(words.value, inputIds, weights.hooks, pass);
    const [, time = 0] = found.shape;
    // Tokenizers mark the second text of a pair even for models that know one type only.
    const types =
      tokenTypeIds && config.tokenTypes > 1
        ? embedding(tokenTypes.value, tokenTypeIds)
        : slice(tokenTypes.value, [0, 0], [1, embeddingSize]);
    const places = learnedPositions(positions, batch, time, first + firstPosition(weights.hooks));
    const sum = add(add(found, types), places);
    const dropped = applyDropout(applyNorm(norm, sum, config.epsilon), config.hiddenDropout, pass);
    return projection ? applyLinear(projection, dropped, pass) : dropped;
  }

  return {
    embed: (batch, pass) => scope(() => embed(batch, pass)),
    runBlocks: buildEncoder(weights, config, (layer) => layerPaths(prefix, layer)),
    classifiedToken: 'first',
    canPack: true,
  };
}
