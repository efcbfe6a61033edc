"""Logits of recorded checkpoints under other settings of config.json: activations, positions, windows, layouts."""

import json

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig

from tiny_models import STORED_NAMES, fill, make_batch, make_model, tasks_of

LLAMA3 = {"factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16}

YARN = {"rope_type": "yarn", "factor": 4.0, "rope_theta": 500.0, "original_max_position_embeddings": 8}
LONG = {
    "rope_type": "longrope",
    "rope_theta": 500.0,
    "partial_rotary_factor": 0.5,
    "short_factor": [1.0, 1.5],
    "long_factor": [2.0, 5.0],
}

# Name: architecture and the fields of its config.json that differ; null removes a field.
VARIANTS = {
    "bert-gelu_new": ("bert", {"hidden_act": "gelu_new"}),
    "bert-relu": ("bert", {"hidden_act": "relu"}),
    "bert-quick_gelu": ("bert", {"hidden_act": "quick_gelu"}),
    "gpt2-scaled-by-layer": ("gpt2", {"scale_attn_by_inverse_layer_idx": True}),
    "gpt2-unscaled": ("gpt2", {"scale_attn_weights": False}),
    "llama-theta": ("llama", {"rope_parameters": None, "rope_theta": 500.0}),
    "llama-linear-old": (
        "llama",
        {"rope_parameters": None, "rope_theta": 500.0, "rope_scaling": {"type": "linear", "factor": 2.0}},
    ),
    "llama-linear-new": ("llama", {"rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 500.0}}),
    "llama-dynamic": (
        "llama",
        {"rope_parameters": None, "rope_scaling": {"type": "dynamic", "factor": 3.0}, "max_position_embeddings": 6},
    ),
    "llama-llama3-old": (
        "llama",
        {"rope_parameters": None, "rope_theta": 500.0, "rope_scaling": {"rope_type": "llama3", **LLAMA3}},
    ),
    "llama-llama3-new": ("llama", {"rope_parameters": {"rope_type": "llama3", "rope_theta": 500.0, **LLAMA3}}),
    "llama-gelu": ("llama", {"hidden_act": "gelu"}),
    "mistral-no-window": ("mistral", {"sliding_window": None}),
    "qwen2-window-unused": (
        "qwen2",
        {"use_sliding_window": False, "sliding_window": 4, "max_window_layers": 0, "layer_types": None},
    ),
    "qwen2-window": (
        "qwen2",
        {"use_sliding_window": True, "sliding_window": 4, "max_window_layers": 1, "layer_types": None},
    ),
    "llama-yarn": ("llama", {"rope_parameters": YARN}),
    "llama-yarn-weighted": (
        "llama",
        {"rope_parameters": {**YARN, "mscale": 0.7, "mscale_all_dim": 0.3, "beta_fast": 4.0, "truncate": False}},
    ),
    "qwen3-biases": ("qwen3", {"attention_bias": True}),
    "deberta-v2-separate": (
        "deberta-v2",
        {
            "share_att_key": False,
            "position_biased_input": True,
            "type_vocab_size": 2,
            "norm_rel_ebd": "none",
            "position_buckets": -1,
            "pos_att_type": "p2c|c2p",
        },
    ),
    "deberta-v2-one-way": ("deberta-v2", {"pos_att_type": ["c2p"]}),
    "gemma2-no-caps": ("gemma2", {"attn_logit_softcapping": None, "final_logit_softcapping": None}),
    "gemma3_text-old": (
        "gemma3_text",
        {
            "rope_parameters": None,
            "rope_theta": 1000.0,
            "rope_local_base_freq": 50.0,
            "rope_scaling": {"rope_type": "linear", "factor": 8.0},
            "layer_types": None,
            "sliding_window_pattern": 2,
        },
    ),
    "gemma3_text-caps": ("gemma3_text", {"attn_logit_softcapping": 2.0, "final_logit_softcapping": 9.0}),
    "phi3-longrope-short": ("phi3", {"rope_parameters": LONG, "original_max_position_embeddings": 16}),
    "phi3-longrope-long": ("phi3", {"rope_parameters": LONG, "original_max_position_embeddings": 8}),
    "opt-350m": ("opt", {"do_layer_norm_before": False, "word_embed_proj_dim": 20}),
    "gpt_neox-sequential": (
        "gpt_neox",
        {"use_parallel_residual": False, "rope_parameters": None, "rotary_pct": 0.25, "rotary_emb_base": 300},
    ),
}


def change_fields(fields, changes):
    changed = {**fields, **changes}
    nullable = {"sliding_window", "attn_logit_softcapping", "final_logit_softcapping"}
    return {name: value for name, value in changed.items() if value is not None or name in nullable}


def load_weights(model, model_type, path):
    """The recorded weights, or new ones where the model has other parts; those are returned as a checkpoint keeps them."""
    stored = {STORED_NAMES.get((model_type, name), name): name for name, _ in model.named_parameters()}
    recorded = {stored[name]: value for name, value in load_file(path).items() if name in stored}
    own = dict(model.named_parameters())
    if own.keys() == recorded.keys() and all(own[name].shape == value.shape for name, value in recorded.items()):
        model.load_state_dict(recorded, strict=False)
        return {}
    fill(model, 1)
    return {name: own[spelling].detach().contiguous() for name, spelling in stored.items()}


def write(target):
    recorded = {}
    (target / "variants").mkdir(exist_ok=True)
    for name, (model_type, changes) in VARIANTS.items():
        fields = change_fields(json.loads((target / model_type / "config.json").read_text()), changes)
        config = AutoConfig.for_model(**fields)
        task = tasks_of(model_type)[-1]
        model = make_model(config, task).eval()
        own = load_weights(model, model_type, target / model_type / "model.safetensors")
        if own:
            save_file(own, target / "variants" / f"{name}.safetensors", metadata={"format": "pt"})
        with torch.no_grad():
            recorded[name] = model(**make_batch(model_type)).logits.contiguous()
    save_file(recorded, target / "variants.safetensors")
    (target / "variants.json").write_text(json.dumps(VARIANTS, indent=1) + "\n")
