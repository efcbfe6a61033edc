import type { ConfigJson } from '../../engine/index.ts';

/** The shape of a Llama-like decoder as its config.json gives it. */
function llamaLike(
  modelType: string,
  vocabulary: number,
  size: { hidden: number; layers: number; inner: number; heads: number; keyValueHeads: number },
  more: ConfigJson = {},
): ConfigJson {
  return {
    model_type: modelType,
    vocab_size: vocabulary,
    hidden_size: size.hidden,
    num_hidden_layers: size.layers,
    num_attention_heads: size.heads,
    num_key_value_heads: size.keyValueHeads,
    intermediate_size: size.inner,
    max_position_embeddings: 4096,
    hidden_act: 'silu',
    rms_norm_eps: 1e-5,
    tie_word_embeddings: false,
    ...more,
  };
}

/** Published models whose costs can be looked up before anything is downloaded: their shapes, not their weights. */
export const publishedShapes: Readonly<Record<string, ConfigJson>> = {
  'BERT base': {
    model_type: 'bert',
    vocab_size: 30522,
    hidden_size: 768,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    intermediate_size: 3072,
    max_position_embeddings: 512,
    type_vocab_size: 2,
    hidden_act: 'gelu',
    layer_norm_eps: 1e-12,
    hidden_dropout_prob: 0.1,
    attention_probs_dropout_prob: 0.1,
  },
  'GPT-2': {
    model_type: 'gpt2',
    vocab_size: 50257,
    n_embd: 768,
    n_layer: 12,
    n_head: 12,
    n_positions: 1024,
    activation_function: 'gelu_new',
  },
  'Llama 2 7B': llamaLike('llama', 32000, {
    hidden: 4096,
    layers: 32,
    inner: 11008,
    heads: 32,
    keyValueHeads: 32,
  }),
  'Mistral 7B': llamaLike(
    'mistral',
    32000,
    { hidden: 4096, layers: 32, inner: 14336, heads: 32, keyValueHeads: 8 },
    { sliding_window: 4096 },
  ),
  'Qwen2 7B': llamaLike('qwen2', 152064, {
    hidden: 3584,
    layers: 28,
    inner: 18944,
    heads: 28,
    keyValueHeads: 4,
  }),
};
