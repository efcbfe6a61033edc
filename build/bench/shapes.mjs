/** Shapes of models that are filled with random weights: what costs time and memory is their size, not their values. */

/** all-MiniLM-L6-v2, for machines that do not have its real weights. */
export const miniLm = {
  model_type: 'bert',
  architectures: ['BertModel'],
  vocab_size: 30522,
  hidden_size: 384,
  num_hidden_layers: 6,
  num_attention_heads: 12,
  intermediate_size: 1536,
  max_position_embeddings: 512,
  type_vocab_size: 2,
  hidden_act: 'gelu',
  layer_norm_eps: 1e-12,
  hidden_dropout_prob: 0,
  attention_probs_dropout_prob: 0,
  pad_token_id: 0,
};

export const gpt2Small = {
  model_type: 'gpt2',
  architectures: ['GPT2LMHeadModel'],
  vocab_size: 50257,
  n_embd: 768,
  n_layer: 12,
  n_head: 12,
  n_positions: 1024,
  activation_function: 'gelu_new',
  attn_pdrop: 0,
  embd_pdrop: 0,
  resid_pdrop: 0,
  bos_token_id: null,
  eos_token_id: null,
};

/** @param {{ hidden: number, layers: number, intermediate: number, keyValueHeads: number }} size */
function llama({ hidden, layers, intermediate, keyValueHeads }) {
  return {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    vocab_size: 32000,
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: 32,
    num_key_value_heads: keyValueHeads,
    intermediate_size: intermediate,
    max_position_embeddings: 2048,
    hidden_act: 'silu',
    rms_norm_eps: 1e-5,
    tie_word_embeddings: false,
    bos_token_id: null,
    eos_token_id: null,
    torch_dtype: 'bfloat16',
  };
}

export const llama1B = llama({ hidden: 2048, layers: 22, intermediate: 5632, keyValueHeads: 4 });
export const llama7B = llama({ hidden: 4096, layers: 32, intermediate: 11008, keyValueHeads: 32 });
