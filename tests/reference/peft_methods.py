"""Records what PEFT computes with every other adapter type: the numbers tests/parity/methods.test.ts holds the engine to.

    python tests/reference/peft_methods.py tests/reference/recorded

For every case, a folder below TARGET/methods with an adapter as PEFT writes it and one safetensors file: inputs, the
adapter's start, logits, loss, every gradient, the losses of five AdamW steps, and the weights after the first and the
fifth. Base models are those that record.py made.
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.dont_write_bytecode = True

import torch
from peft import (
    AdaLoraConfig,
    AdaptionPromptConfig,
    IA3Config,
    LoraConfig,
    PrefixTuningConfig,
    PromptEncoderConfig,
    PromptTuningConfig,
    get_peft_model,
)
from peft.tuners.adaption_prompt.layer import AdaptedAttention
from safetensors.torch import save_file
from torch.nn.utils import parametrize
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

from adapters import TASK_TYPES, saved_name
from steps import run_case
from tiny_models import HEADS, HIDDEN, LAYERS, labels_of, make_batch

SHAPES = [("bert", "classification"), ("gpt2", "causalLm"), ("llama", "causalLm")]
TOKENS = 3

CASES = {
    "ia3": (IA3Config, {}),
    "lora.dora": (LoraConfig, dict(r=4, lora_alpha=8, use_dora=True)),
    "promptTuning": (PromptTuningConfig, dict(num_virtual_tokens=TOKENS)),
    "prefixTuning": (PrefixTuningConfig, dict(num_virtual_tokens=TOKENS)),
    "prefixTuning.projected": (
        PrefixTuningConfig,
        dict(num_virtual_tokens=TOKENS, prefix_projection=True, encoder_hidden_size=6),
    ),
    "pTuning": (PromptEncoderConfig, dict(num_virtual_tokens=TOKENS, encoder_hidden_size=6)),
    "pTuning.lstm": (
        PromptEncoderConfig,
        dict(
            num_virtual_tokens=TOKENS,
            encoder_hidden_size=6,
            encoder_reparameterization_type="LSTM",
            encoder_num_layers=2,
        ),
    ),
}
FURTHER_CASES = {
    "llamaAdapter": (AdaptionPromptConfig, dict(adapter_len=4, adapter_layers=2)),
    "llamaAdapter.upper": (AdaptionPromptConfig, dict(adapter_len=4, adapter_layers=1)),
    "llamaAdapter.paper": (AdaptionPromptConfig, dict(adapter_len=4, adapter_layers=2)),
    # Its run of pruning is adalora.py's.
    "adalora": (AdaLoraConfig, dict(init_r=4, lora_alpha=8, total_step=1, orth_reg_weight=0.0)),
    "lora.pissa": (LoraConfig, dict(r=4, lora_alpha=8, init_lora_weights="pissa")),
    "lora.words": (LoraConfig, dict(r=4, lora_alpha=8)),
    "lora.doraAll": (LoraConfig, dict(r=3, lora_alpha=6, use_dora=True, use_rslora=True, target_modules="all-linear")),
}
# Windows that the prefix falls out of; a head on the last token; grouped queries with biases.
FURTHER = [
    ("bert", "classification", "adalora"),
    ("gpt2", "causalLm", "adalora"),
    ("gpt2", "causalLm", "lora.pissa"),
    ("llama", "causalLm", "lora.pissa"),
    ("bert", "classification", "lora.words"),
    ("gpt2", "causalLm", "lora.words"),
    ("llama", "causalLm", "lora.words"),
    ("gemma2", "causalLm", "lora.words"),
    ("gpt2", "causalLm", "llamaAdapter"),
    ("llama", "causalLm", "llamaAdapter.upper"),
    ("gpt2", "causalLm", "llamaAdapter.upper"),
    ("llama", "causalLm", "llamaAdapter.paper"),
    ("gpt2", "causalLm", "lora.doraAll"),
    ("mistral", "causalLm", "prefixTuning"),
    ("mistral", "causalLm", "promptTuning"),
    ("roberta", "classification", "prefixTuning"),
    ("roberta", "classification", "pTuning"),
    ("distilbert", "classification", "promptTuning"),
    ("qwen2", "causalLm", "ia3"),
    ("gpt2", "classification", "prefixTuning"),
]

# The table of word embeddings and one layer: both kinds of matrices in one adapter.
WORDS = {
    "bert": ["word_embeddings", "query"],
    "gpt2": ["wte", "c_attn"],
    "llama": ["embed_tokens", "q_proj"],
    "gemma2": ["embed_tokens", "q_proj"],
}

# PEFT does not know DistilBERT's names for them.
DISTILBERT_SIZES = dict(token_dim=HIDDEN, num_layers=LAYERS, num_attention_heads=HEADS)


def load_base(folder, task):
    kind = AutoModelForCausalLM if task == "causalLm" else AutoModelForSequenceClassification
    return kind.from_pretrained(folder, attn_implementation="eager")


@torch.no_grad()
def fill_adapter(model, seed=3):
    """Values that change the output: a missing path shows."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        noise = torch.randn(parameter.shape, generator=generator)
        if "ia3_l" in name:
            parameter.copy_(1 + 0.3 * noise)
        elif "magnitude" in name:
            parameter.mul_(1 + 0.2 * noise)
        elif "lora_" in name:
            parameter.copy_(0.2 * noise)
        elif "adaption_gate" in name:
            parameter.copy_(0.5 + 0.3 * noise)
        elif "prompt_encoder" in name or "adaption_prompt" in name:
            parameter.copy_(0.4 * noise)


class Tanh(torch.nn.Module):
    def forward(self, gate):
        return torch.tanh(gate)


def as_in_the_paper(tuned):
    """LLaMA-Adapter as its paper has it (https://arxiv.org/abs/2303.16199): a gate for every head, through tanh."""
    for module in list(tuned.modules()):
        if isinstance(module, AdaptedAttention):
            module.adaption_gate = torch.nn.Parameter(torch.zeros(1, HEADS, 1, 1))
            parametrize.register_parametrization(module, "adaption_gate", Tanh())


def trained_name(name, config):
    """Names as the engine's: a table that is trained itself is called as it is in the file."""
    is_table = config.peft_type in ("PROMPT_TUNING", "PREFIX_TUNING") and not getattr(config, "prefix_projection", False)
    if name == "prompt_encoder.default.embedding.weight" and is_table:
        return "prompt_embeddings"
    name = name.replace("parametrizations.adaption_gate.original", "adaption_gate")
    return saved_name(name).replace("lora_magnitude_vector.weight", "lora_magnitude_vector")


def record_case(target, model_type, task, name):
    make_config, settings = (CASES | FURTHER_CASES)[name]
    folder = target / "methods" / f"{model_type}.{task}.{name}"
    shutil.rmtree(folder, ignore_errors=True)
    sizes = DISTILBERT_SIZES if model_type == "distilbert" else {}
    targets = dict(target_modules=WORDS[model_type]) if name == "lora.words" else {}
    config = make_config(task_type=TASK_TYPES[task], **settings, **sizes, **targets)
    tuned = get_peft_model(load_base(target / model_type, task), config).train()
    if name == "llamaAdapter.paper":
        as_in_the_paper(tuned)
    with TemporaryDirectory() as start:
        tuned.save_pretrained(start)
        fill_adapter(tuned)
        if name == "lora.pissa":
            # As an adapter of the base model that was given, not of what PiSSA leaves of it.
            tuned.save_pretrained(folder, path_initial_model_for_weight_conversion=start)
    if name == "llamaAdapter.paper":
        folder.mkdir(parents=True)
    elif name != "lora.pissa":
        tuned.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    batch = make_batch(model_type)
    trainable = {trained_name(n, config): p for n, p in tuned.named_parameters() if p.requires_grad}
    start = {f"start.{name}": p.detach().clone() for name, p in trainable.items()}
    recorded = run_case(tuned, batch, labels_of(batch, task), trainable)
    if task == "causalLm":
        # Virtual tokens stand before the text's own.
        recorded["logits"] = recorded["logits"][:, -batch["input_ids"].shape[1] :].contiguous()
    save_file({**start, **recorded}, folder / "training.safetensors")


def main(target):
    torch.set_num_threads(1)
    for name in CASES:
        for model_type, task in SHAPES:
            record_case(target, model_type, task, name)
    for model_type, task, name in FURTHER:
        record_case(target, model_type, task, name)
    # Needs this module whole.
    import adalora

    adalora.main(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
