"""Tiny random models of every architecture, with weights large enough that a missing path shows."""

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSequenceClassification

CLASSES = 3
VOCABULARY = 60
HIDDEN = 32
INNER = 48
HEADS = 4
LAYERS = 2
POSITIONS = 20

ENCODER = dict(
    vocab_size=VOCABULARY,
    hidden_size=HIDDEN,
    num_hidden_layers=LAYERS,
    num_attention_heads=HEADS,
    intermediate_size=INNER,
    max_position_embeddings=POSITIONS,
    hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
)
DECODER = dict(
    vocab_size=VOCABULARY,
    hidden_size=HIDDEN,
    num_hidden_layers=LAYERS,
    num_attention_heads=HEADS,
    num_key_value_heads=2,
    intermediate_size=INNER,
    max_position_embeddings=POSITIONS,
    attention_dropout=0.0,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=0,
)
GEMMA = dict(DECODER, head_dim=10, hidden_activation="gelu_pytorch_tanh", tie_word_embeddings=True)

CONFIGS = {
    "bert": dict(ENCODER, type_vocab_size=2, pad_token_id=0),
    "roberta": dict(ENCODER, type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2),
    "distilbert": dict(
        vocab_size=VOCABULARY,
        dim=HIDDEN,
        n_layers=LAYERS,
        n_heads=HEADS,
        hidden_dim=INNER,
        max_position_embeddings=POSITIONS,
        dropout=0.0,
        attention_dropout=0.0,
        seq_classif_dropout=0.0,
        pad_token_id=0,
    ),
    "gpt2": dict(
        vocab_size=VOCABULARY,
        n_embd=HIDDEN,
        n_layer=LAYERS,
        n_head=HEADS,
        n_inner=INNER,
        n_positions=POSITIONS,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    ),
    "llama": dict(DECODER, rms_norm_eps=1e-5),
    "mistral": dict(DECODER, sliding_window=5, head_dim=10),
    "qwen2": dict(DECODER, tie_word_embeddings=True, rope_theta=1_000_000.0),
    "qwen3": dict(DECODER, head_dim=10, rope_theta=1_000_000.0),
    "xlm-roberta": dict(ENCODER, type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2),
    "electra": dict(ENCODER, embedding_size=20, type_vocab_size=2, pad_token_id=0),
    "gemma2": dict(
        GEMMA, sliding_window=5, query_pre_attn_scalar=7, attn_logit_softcapping=3.0, final_logit_softcapping=5.0
    ),
    "gemma3_text": dict(
        GEMMA,
        sliding_window=5,
        query_pre_attn_scalar=7,
        layer_types=["sliding_attention", "full_attention"],
        rope_parameters={
            "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
            "full_attention": {"rope_type": "linear", "factor": 2.0, "rope_theta": 1_000_000.0},
        },
    ),
    "phi3": dict(DECODER, sliding_window=5, resid_pdrop=0.0, partial_rotary_factor=0.5),
    "opt": dict(
        vocab_size=VOCABULARY,
        hidden_size=HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        ffn_dim=INNER,
        max_position_embeddings=POSITIONS,
        dropout=0.0,
        attention_dropout=0.0,
        pad_token_id=1,
        bos_token_id=2,
        eos_token_id=2,
    ),
    "gpt_neox": dict(
        vocab_size=VOCABULARY,
        hidden_size=HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=INNER,
        max_position_embeddings=POSITIONS,
        rotary_pct=0.5,
        attention_dropout=0.0,
        hidden_dropout=0.0,
        classifier_dropout=0.0,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    ),
    "deberta-v2": dict(
        ENCODER,
        relative_attention=True,
        position_buckets=6,
        norm_rel_ebd="layer_norm",
        share_att_key=True,
        pos_att_type=["p2c", "c2p"],
        position_biased_input=False,
        type_vocab_size=0,
        pooler_hidden_act="gelu",
        pooler_dropout=0.0,
        cls_dropout=0.0,
        pad_token_id=0,
    ),
}
ENCODERS = {"bert", "roberta", "distilbert", "xlm-roberta", "electra", "deberta-v2"}
# What checkpoints call a weight where the class has another name for it.
STORED_NAMES = {("gpt_neox", "lm_head.weight"): "embed_out.weight"}


def tasks_of(model_type):
    return ["classification"] if model_type in ENCODERS else ["classification", "causalLm"]


def config_of(model_type, **changes):
    settings = {**CONFIGS[model_type], **changes}
    return AutoConfig.for_model(model_type, num_labels=CLASSES, attn_implementation="eager", **settings)


def make_model(config, task):
    kind = AutoModelForCausalLM if task == "causalLm" else AutoModelForSequenceClassification
    return kind.from_config(config, attn_implementation="eager").train()


@torch.no_grad()
def fill(model, seed):
    """Every weight from a normal distribution: norms around 1, biases off 0, so that none can be left out unseen."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        noise = torch.randn(parameter.shape, generator=generator)
        is_norm = parameter.dim() == 1 and name.endswith("weight")
        is_embedding = any(part in name for part in ("embed", "wte", "wpe"))
        parameter.copy_(1 + 0.1 * noise if is_norm else noise * (0.5 if is_embedding else 0.15))
    return model


def make_batch(model_type, seed=7):
    """Three rows of different length, padded on the right; the first tokens of each row are a prompt without labels."""
    generator = torch.Generator().manual_seed(seed)
    lengths, time = [12, 7, 9], 12
    pad = CONFIGS[model_type]["pad_token_id"]
    input_ids = torch.randint(5, VOCABULARY, (3, time), generator=generator)
    attention_mask = (torch.arange(time)[None, :] < torch.tensor(lengths)[:, None]).long()
    input_ids = torch.where(attention_mask == 1, input_ids, pad)
    batch = {"input_ids": input_ids, "attention_mask": attention_mask}
    if CONFIGS[model_type].get("type_vocab_size") == 2:
        batch["token_type_ids"] = (torch.arange(time)[None, :] >= 4).long() * attention_mask
    return batch


def without_padding(batch):
    """The same rows, all cut to the length of the shortest."""
    length = int(batch["attention_mask"].sum(1).min())
    return {name: tensor[:, :length].contiguous() for name, tensor in batch.items()}


def labels_of(batch, task):
    if task == "classification":
        return torch.tensor([2, 0, 1])
    is_prompt = torch.arange(batch["input_ids"].shape[1])[None, :] < torch.tensor([3, 2, 4])[:, None]
    return batch["input_ids"].masked_fill((batch["attention_mask"] == 0) | is_prompt, -100)
