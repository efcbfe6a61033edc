import { type Framing, decoderFraming, encoderFraming } from './tokenizerFiles.ts';

/** A sample model: its architecture as config.json says it, and how it learned. */
export interface SampleModel {
  readonly folder: string;
  readonly title: string;
  readonly framing: Framing;
  readonly learns: 'maskedWords' | 'nextWord';
  config(vocabularySize: number): Readonly<Record<string, unknown>>;
}

const width = 192;
const layers = 4;

export const sampleModels: readonly SampleModel[] = [
  {
    folder: 'tiny-encoder',
    title: 'Tunebench tiny encoder',
    framing: encoderFraming,
    learns: 'maskedWords',
    config: (vocabularySize) => ({
      architectures: ['BertModel'],
      model_type: 'bert',
      vocab_size: vocabularySize,
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: 6,
      intermediate_size: 4 * width,
      hidden_act: 'gelu',
      hidden_dropout_prob: 0.1,
      attention_probs_dropout_prob: 0.1,
      max_position_embeddings: 128,
      type_vocab_size: 2,
      initializer_range: 0.02,
      layer_norm_eps: 1e-12,
      pad_token_id: 0,
      dtype: 'float16',
    }),
  },
  {
    folder: 'tiny-decoder',
    title: 'Tunebench tiny decoder',
    framing: decoderFraming,
    learns: 'nextWord',
    config: (vocabularySize) => ({
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      vocab_size: vocabularySize,
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: 6,
      num_key_value_heads: 3,
      intermediate_size: 512,
      hidden_act: 'silu',
      max_position_embeddings: 256,
      rms_norm_eps: 1e-6,
      rope_theta: 10000,
      initializer_range: 0.02,
      attention_bias: false,
      mlp_bias: false,
      tie_word_embeddings: true,
      pad_token_id: 0,
      bos_token_id: 1,
      eos_token_id: 2,
      dtype: 'float16',
    }),
  },
];
