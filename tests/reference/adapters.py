"""LoRA settings that together use every option, one or two per architecture."""

import torch
from peft import LoraConfig, get_peft_model

SETTINGS = {
    ("bert", "classification"): dict(r=4, lora_alpha=8, target_modules=["query", "value"]),
    ("roberta", "classification"): dict(r=3, lora_alpha=6, target_modules="all-linear", use_rslora=True),
    ("distilbert", "classification"): dict(
        r=4,
        lora_alpha=8,
        target_modules=["q_lin", "v_lin", "lin1"],
        rank_pattern={"lin1": 2, "layer.1.attention.q_lin": 6},
        alpha_pattern={"v_lin": 5},
        modules_to_save=["pre_classifier", "classifier"],
    ),
    ("gpt2", "classification"): dict(r=4, lora_alpha=8, target_modules=["c_attn"], bias="all"),
    ("gpt2", "causalLm"): dict(r=4, lora_alpha=16, target_modules=["c_attn", "mlp.c_proj"], lora_bias=True),
    ("llama", "classification"): dict(
        r=2,
        lora_alpha=4,
        target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
        layers_to_transform=[1],
    ),
    ("llama", "causalLm"): dict(
        r=4, lora_alpha=8, target_modules=r".*\.(q|v)_proj", modules_to_save=["embed_tokens"]
    ),
    ("mistral", "classification"): dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"]),
    ("mistral", "causalLm"): dict(
        r=4, lora_alpha=8, target_modules="all-linear", exclude_modules=["down_proj"], init_lora_weights="gaussian"
    ),
    ("qwen2", "classification"): dict(
        r=4, lora_alpha=8, target_modules=["q_proj", "k_proj", "o_proj"], bias="lora_only"
    ),
    ("qwen2", "causalLm"): dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"]),
    ("qwen3", "classification"): dict(r=4, lora_alpha=8, target_modules=["k_proj", "v_proj", "gate_proj"]),
    ("qwen3", "causalLm"): dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"]),
    ("xlm-roberta", "classification"): dict(r=4, lora_alpha=8, target_modules=["query", "value"]),
    ("electra", "classification"): dict(r=4, lora_alpha=8, target_modules="all-linear", bias="lora_only"),
    ("deberta-v2", "classification"): dict(
        r=4, lora_alpha=8, target_modules=["query_proj", "key_proj"], modules_to_save=["pooler", "classifier"]
    ),
    ("gemma2", "classification"): dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"]),
    ("gemma2", "causalLm"): dict(r=4, lora_alpha=8, target_modules="all-linear"),
    ("gemma3_text", "classification"): dict(r=4, lora_alpha=8, target_modules=["q_proj", "k_proj", "down_proj"]),
    ("gemma3_text", "causalLm"): dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"]),
    ("phi3", "classification"): dict(r=4, lora_alpha=8, target_modules=["qkv_proj"]),
    ("phi3", "causalLm"): dict(r=4, lora_alpha=8, target_modules="all-linear"),
    ("opt", "classification"): dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"], bias="all"),
    ("opt", "causalLm"): dict(r=4, lora_alpha=8, target_modules=["out_proj", "fc1", "fc2"]),
    ("gpt_neox", "classification"): dict(r=4, lora_alpha=8, target_modules=["query_key_value"]),
    ("gpt_neox", "causalLm"): dict(r=4, lora_alpha=8, target_modules="all-linear"),
}
TASK_TYPES = {"classification": "SEQ_CLS", "causalLm": "CAUSAL_LM"}


def add_adapter(model, model_type, task, seed=3):
    """Attaches LoRA and gives it values that change the output: A and B, and any bias of B, are all far from zero."""
    config = LoraConfig(task_type=TASK_TYPES[task], lora_dropout=0.0, **SETTINGS[model_type, task])
    tuned = get_peft_model(model, config)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(tuned.named_parameters()):
            if "lora_" in name:
                parameter.copy_(0.2 * torch.randn(parameter.shape, generator=generator))
    return tuned.train()


def saved_name(name):
    """Name of a parameter as PEFT writes it to a file."""
    return name.replace(".modules_to_save.default", "").replace(".default", "")
