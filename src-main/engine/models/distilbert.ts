import { scope } from '../autodiff/scope.ts';
import { add, relu } from '../ops/index.ts';
import { activationNames } from './activations.ts';
import type { Architecture } from './architecture.ts';
import type { ConfigReader } from './configReader.ts';
import { type EncoderHeads, buildEncoderHead, declareEncoderHead } from './encoderHeads.ts';
import { type EncoderConfig, type EncoderLayerPaths, buildEncoder, declareEncoder } from './encoder.ts';
import { firstPosition } from './hooks.ts';
import { applyDropout, applyLinear, applyNorm, firstToken } from './layers.ts';
import { ModelLayout } from './layout.ts';
import { learnedPositions } from './sight.ts';
import { embedWords } from './virtualTokens.ts';

function readConfig(config: ConfigReader) {
  const hiddenSize = config.size(['dim', 'hidden_size'], 768);
  const heads = config.size(['n_heads', 'num_attention_heads'], 12);
  config.divisible('dim', hiddenSize, 'n_heads', heads);
  return {
    hiddenSize,
    heads,
    layers: config.size(['n_layers', 'num_hidden_layers'], 6),
    intermediateSize: config.size(['hidden_dim'], 3072),
    activation: config.choice(['activation'], activationNames, 'gelu'),
    epsilon: 1e-12,
    attentionDropout: config.probability(['attention_dropout'], 0.1),
    hiddenDropout: config.probability(['dropout'], 0.1),
    dropsAttentionOutput: false,
    vocabularySize: config.size(['vocab_size'], 30522),
    positions: config.size(['max_position_embeddings'], 512),
    classifierDropout: config.probability(['seq_classif_dropout'], 0.2),
    spanDropout: config.probability(['qa_dropout'], 0.1),
    initializerRange: config.number(['initializer_range'], 0.02),
    tiesVocabulary: config.flag('tie_word_embeddings', true),
  } satisfies EncoderConfig & Record<string, unknown>;
}

function layerPaths(layer: number): EncoderLayerPaths {
  const base = `distilbert.transformer.layer.${layer}`;
  return {
    layer: base,
    query: `${base}.attention.q_lin`,
    key: `${base}.attention.k_lin`,
    value: `${base}.attention.v_lin`,
    attentionOutput: `${base}.attention.out_lin`,
    attentionNorm: `${base}.sa_layer_norm`,
    intermediate: `${base}.ffn.lin1`,
    output: `${base}.ffn.lin2`,
    outputNorm: `${base}.output_layer_norm`,
  };
}

const wordsPath = 'distilbert.embeddings.word_embeddings';

function headsOf(config: ReturnType<typeof readConfig>): EncoderHeads {
  const { hiddenSize } = config;
  return {
    ...config,
    embeddingSize: hiddenSize,
    classes: {
      declare(layout, labelCount) {
        layout.linear('pre_classifier', hiddenSize, hiddenSize, { optional: true });
        layout.linear('classifier', hiddenSize, labelCount, { optional: true });
        layout.headModules.push('pre_classifier', 'classifier');
      },
      build(weights) {
        const preClassifier = weights.linear('pre_classifier');
        const classifier = weights.linear('classifier');
        return (hidden, _, pass) => {
          const inner = relu(applyLinear(preClassifier, firstToken(hidden), pass));
          return applyLinear(classifier, applyDropout(inner, config.classifierDropout, pass), pass);
        };
      },
    },
    tokenDropout: config.hiddenDropout,
    masked: {
      dense: 'vocab_transform',
      norm: 'vocab_layer_norm',
      bias: 'vocab_projector.bias',
      activation: config.activation,
      epsilon: config.epsilon,
      table: config.tiesVocabulary ? null : 'vocab_projector.weight',
    },
  };
}

/** DistilBERT (https://arxiv.org/abs/1910.01108): no token types, no pooler; a ReLU layer before `classifier`. */
export const distilbert: Architecture = {
  modelType: 'distilbert',
  prefix: 'distilbert.',
  classNames: {
    none: 'DistilBertModel',
    classes: 'DistilBertForSequenceClassification',
    tokenClasses: 'DistilBertForTokenClassification',
    span: 'DistilBertForQuestionAnswering',
    maskedToken: 'DistilBertForMaskedLM',
  },
  read(reader) {
    const config = readConfig(reader);
    const { hiddenSize } = config;
    const heads = headsOf(config);
    return {
      ...config,
      maximumLength: config.positions,
      layout(head, labelCount) {
        const layout = new ModelLayout();
        layout.wordEmbedding(wordsPath, config.vocabularySize, hiddenSize);
        layout.embedding('distilbert.embeddings.position_embeddings', config.positions, hiddenSize);
        layout.layerNorm('distilbert.embeddings.LayerNorm', hiddenSize);
        declareEncoder(layout, config, layerPaths);
        declareEncoderHead(layout, heads, head, labelCount);
        return layout;
      },
      network(weights, _, head) {
        const words = weights.parameter(`${wordsPath}.weight`);
        const positions = weights.parameter('distilbert.embeddings.position_embeddings.weight');
        const norm = weights.norm('distilbert.embeddings.LayerNorm');
        return {
          embed: (batch, pass) =>
            scope(() => {
              const found = embedWords(words.value, batch.inputIds, weights.hooks, pass);
              const [, time = 0] = found.shape;
              const places = learnedPositions(positions, batch, time, firstPosition(weights.hooks));
              const sum = add(found, places);
              return applyDropout(applyNorm(norm, sum, config.epsilon), config.hiddenDropout, pass);
            }),
          runBlocks: buildEncoder(weights, config, layerPaths),
          classifiedToken: 'first',
          canPack: true,
          ...buildEncoderHead(weights, heads, head, `${wordsPath}.weight`),
        };
      },
    };
  },
};
