"""Logits of recorded checkpoints under other settings of config.json: activations, positions, windows."""

import json

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig

from tiny_models import make_batch, make_model, tasks_of

LLAMA3 = {"factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16}

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
}


def change_fields(fields, changes):
    changed = {**fields, **changes}
    nullable = {"sliding_window"}
    return {name: value for name, value in changed.items() if value is not None or name in nullable}


def write(target):
    recorded = {}
    for name, (model_type, changes) in VARIANTS.items():
        fields = change_fields(json.loads((target / model_type / "config.json").read_text()), changes)
        config = AutoConfig.for_model(**fields)
        task = tasks_of(model_type)[-1]
        model = make_model(config, task).eval()
        model.load_state_dict(load_file(target / model_type / "model.safetensors"), strict=False)
        with torch.no_grad():
            recorded[name] = model(**make_batch(model_type)).logits.contiguous()
    save_file(recorded, target / "variants.safetensors")
    (target / "variants.json").write_text(json.dumps(VARIANTS, indent=1) + "\n")
