import { scope } from '../autodiff/scope.ts';
import { add, embedding, slice } from '../ops/index.ts';
import { activate, activationNames } from './activations.ts';
import type { Architecture } from './architecture.ts';
import type { ConfigReader } from './configReader.ts';
import { type DisentangledConfig, buildDisentangledBias } from './disentangled.ts';
import { type EncoderHeads, buildEncoderHead, declareEncoderHead } from './encoderHeads.ts';
import { type EncoderConfig, type EncoderLayerPaths, buildEncoder, declareEncoder } from './encoder.ts';
import { firstPosition } from './hooks.ts';
import { applyDropout, applyLinear, applyNorm, firstToken } from './layers.ts';
import { ModelLayout } from './layout.ts';
import { learnedPositions } from './sight.ts';
import { embedWords } from './virtualTokens.ts';
import type { Weights } from './weights.ts';

/** `pos_att_type` as a list; older files join it with bars. */
function readScoreParts(config: ConfigReader): string[] {
  const value = config.textOrTexts('pos_att_type') ?? [];
  return value.flatMap((part) => part.split('|')).map((part) => part.trim().toLowerCase());
}

function readConfig(config: ConfigReader) {
  const hiddenSize = config.size(['hidden_size'], 1536);
  const heads = config.size(['num_attention_heads'], 24);
  config.divisible('hidden_size', hiddenSize, 'num_attention_heads', heads);
  const embeddingSize = config.size(['embedding_size'], hiddenSize);
  if (embeddingSize !== hiddenSize) config.unsupported('embedding_size', embeddingSize, `${hiddenSize}`);
  const kernel = config.number(['conv_kernel_size'], 0);
  if (kernel > 0) config.unsupported('conv_kernel_size', kernel, '0');
  if (!config.flag('relative_attention', false)) config.unsupported('relative_attention', false, 'true');
  const positions = config.size(['max_position_embeddings'], 512);
  const maximum = config.number(['max_relative_positions'], -1);
  const maximumDistance = maximum < 1 ? positions : maximum;
  const buckets = Math.max(config.number(['position_buckets'], -1), 0);
  const scoreParts = readScoreParts(config);
  const hiddenDropout = config.probability(['hidden_dropout_prob'], 0.1);
  return {
    hiddenSize,
    heads,
    headSize: Math.floor(hiddenSize / heads),
    layers: config.size(['num_hidden_layers'], 24),
    intermediateSize: config.size(['intermediate_size'], 6144),
    activation: config.choice(['hidden_act'], activationNames, 'gelu'),
    epsilon: config.number(['layer_norm_eps'], 1e-7),
    attentionDropout: config.probability(['attention_probs_dropout_prob'], 0.1),
    hiddenDropout,
    dropsAttentionOutput: true,
    vocabularySize: config.size(['vocab_size'], 128_100),
    positions,
    /** Whether positions are also embedded, as in BERT. */
    embedsPositions: config.flag('position_biased_input', true),
    tokenTypes: Math.max(config.number(['type_vocab_size'], 0), 0),
    contentToPosition: scoreParts.includes('c2p'),
    positionToContent: scoreParts.includes('p2c'),
    sharesProjections: config.flag('share_att_key', false),
    normalizesDistances: (config.textOrTexts('norm_rel_ebd') ?? []).some((text) =>
      text.toLowerCase().includes('layer_norm'),
    ),
    span: buckets > 0 ? buckets : maximumDistance,
    buckets,
    maximumDistance,
    poolerActivation: config.choice(['pooler_hidden_act'], activationNames, 'gelu'),
    poolerDropout: config.probability(['pooler_dropout'], 0),
    classifierDropout: config.probability(['cls_dropout'], hiddenDropout),
    initializerRange: config.number(['initializer_range'], 0.02),
    tiesVocabulary: config.flag('tie_word_embeddings', true),
    /** Whether its masked-token head is the one under `cls.predictions`. */
    hasOlderMaskedHead: config.flag('legacy', true),
  } satisfies EncoderConfig & DisentangledConfig & Record<string, unknown>;
}
type Config = ReturnType<typeof readConfig>;

const wordsPath = 'deberta.embeddings.word_embeddings';
const distancePaths = { distances: 'deberta.encoder.rel_embeddings', norm: 'deberta.encoder.LayerNorm' };

function layerPaths(layer: number): EncoderLayerPaths {
  const base = `deberta.encoder.layer.${layer}`;
  return {
    layer: base,
    query: `${base}.attention.self.query_proj`,
    key: `${base}.attention.self.key_proj`,
    value: `${base}.attention.self.value_proj`,
    attentionOutput: `${base}.attention.output.dense`,
    attentionNorm: `${base}.attention.output.LayerNorm`,
    intermediate: `${base}.intermediate.dense`,
    output: `${base}.output.dense`,
    outputNorm: `${base}.output.LayerNorm`,
  };
}

/** The layers that project distances: those of queries and keys, or layers of their own. */
function distanceProjections({ sharesProjections }: Config, layer: number) {
  const { query, key } = layerPaths(layer);
  return sharesProjections
    ? { query, key }
    : { query: query.replace('query_proj', 'pos_query_proj'), key: key.replace('key_proj', 'pos_key_proj') };
}

function declareBody(config: Config): ModelLayout {
  const { hiddenSize } = config;
  const layout = new ModelLayout();
  layout.wordEmbedding(wordsPath, config.vocabularySize, hiddenSize);
  if (config.embedsPositions) {
    layout.embedding('deberta.embeddings.position_embeddings', config.positions, hiddenSize);
  }
  if (config.tokenTypes > 0) {
    layout.embedding('deberta.embeddings.token_type_embeddings', config.tokenTypes, hiddenSize);
  }
  layout.layerNorm('deberta.embeddings.LayerNorm', hiddenSize);
  declareEncoder(layout, config, layerPaths);
  if (!config.sharesProjections) {
    for (let layer = 0; layer < config.layers; layer++) {
      const { query, key } = distanceProjections(config, layer);
      if (config.contentToPosition) layout.linear(key, hiddenSize, hiddenSize);
      if (config.positionToContent) layout.linear(query, hiddenSize, hiddenSize);
    }
  }
  layout.embedding(distancePaths.distances, 2 * config.span, hiddenSize);
  if (config.normalizesDistances) layout.layerNorm(distancePaths.norm, hiddenSize);
  return layout;
}

function maskedPaths({ hasOlderMaskedHead, tiesVocabulary }: Config) {
  if (hasOlderMaskedHead)
    return {
      dense: 'cls.predictions.transform.dense',
      norm: 'cls.predictions.transform.LayerNorm',
      bias: 'cls.predictions.bias',
      table: tiesVocabulary ? null : 'cls.predictions.decoder.weight',
    };
  const base = 'lm_predictions.lm_head';
  return { dense: `${base}.dense`, norm: `${base}.LayerNorm`, bias: `${base}.bias`, table: null };
}

function headsOf(config: Config): EncoderHeads {
  const { hiddenSize, hiddenDropout, activation, epsilon } = config;
  return {
    ...config,
    embeddingSize: hiddenSize,
    classes: {
      declare(layout, labelCount) {
        layout.linear('pooler.dense', hiddenSize, hiddenSize, { optional: true });
        layout.linear('classifier', hiddenSize, labelCount, { optional: true });
        layout.headModules.push('pooler', 'classifier');
      },
      build(weights) {
        const pooler = weights.linear('pooler.dense');
        const classifier = weights.linear('classifier');
        return (hidden, _, pass) => {
          const token = applyDropout(firstToken(hidden), config.poolerDropout, pass);
          const pooled = activate(config.poolerActivation, applyLinear(pooler, token, pass));
          return applyLinear(classifier, applyDropout(pooled, config.classifierDropout, pass), pass);
        };
      },
    },
    tokenDropout: hiddenDropout,
    spanDropout: 0,
    masked: { ...maskedPaths(config), activation, epsilon },
  };
}

function buildNetwork(config: Config, weights: Weights) {
  const words = weights.parameter(`${wordsPath}.weight`);
  const positions = weights.findParameter('deberta.embeddings.position_embeddings.weight');
  const tokenTypes = weights.findParameter('deberta.embeddings.token_type_embeddings.weight');
  const norm = weights.norm('deberta.embeddings.LayerNorm');
  const bias = buildDisentangledBias(weights, config, {
    ...distancePaths,
    projections: (layer) => distanceProjections(config, layer),
  });
  return {
    runBlocks: buildEncoder(weights, config, layerPaths, bias),
    classifiedToken: 'first',
    canPack: true,
    embed: (batch, pass) =>
      scope(() => {
        const found = embedWords(words.value, batch.inputIds, weights.hooks, pass);
        const [, time = 0, width = 0] = found.shape;
        const placed = positions
          ? add(found, learnedPositions(positions, batch, time, firstPosition(weights.hooks)))
          : found;
        const typed = tokenTypes
          ? add(
              placed,
              batch.tokenTypeIds
                ? embedding(tokenTypes.value, batch.tokenTypeIds)
                : slice(tokenTypes.value, [0, 0], [1, width]),
            )
          : placed;
        return applyDropout(applyNorm(norm, typed, config.epsilon), config.hiddenDropout, pass);
      }),
  } satisfies ReturnType<ReturnType<Architecture['read']>['network']>;
}

/** DeBERTa 2 and 3 (https://arxiv.org/abs/2111.09543): attention by content and by distance. */
export const debertaV2: Architecture = {
  modelType: 'deberta-v2',
  prefix: 'deberta.',
  classNames: {
    none: 'DebertaV2Model',
    classes: 'DebertaV2ForSequenceClassification',
    tokenClasses: 'DebertaV2ForTokenClassification',
    span: 'DebertaV2ForQuestionAnswering',
    maskedToken: 'DebertaV2ForMaskedLM',
  },
  read(reader) {
    const config = readConfig(reader);
    const heads = headsOf(config);
    return {
      ...config,
      maximumLength: config.positions,
      layout(head, labelCount) {
        const layout = declareBody(config);
        declareEncoderHead(layout, heads, head, labelCount);
        return layout;
      },
      network: (weights, _, head) => ({
        ...buildNetwork(config, weights),
        ...buildEncoderHead(weights, heads, head, `${wordsPath}.weight`),
      }),
    };
  },
};
