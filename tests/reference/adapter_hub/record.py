"""Records what the adapters library computes with its bottleneck adapters, as peft_methods.py does for PEFT's types.

    python tests/reference/adapter_hub/record.py tests/reference/recorded

Runs in a Python of its own: the library pins an older transformers, and shares its name with a file beside this folder.
"""

import re
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).parent.parent))

import adapters
import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoModelForSequenceClassification

from answers import make_answer_batch
from steps import run_case
from tiny_models import labels_of, make_batch, without_padding

NAME = "tunebench"
CONFIGS = {"houlsby": adapters.DoubleSeqBnConfig(reduction_factor=8), "pfeiffer": adapters.SeqBnConfig(reduction_factor=8)}
# Gates are means over a text: the engine's leave out padding, the library's do not.
GATED = adapters.UniPELTConfig(
    prefix_tuning=adapters.PrefixTuningConfig(prefix_length=3, bottleneck_size=6),
    adapter=adapters.SeqBnConfig(reduction_factor=8),
    lora=adapters.LoRAConfig(r=4, alpha=2),
)
GATED_CASES = [
    ("bert", "classification"),
    ("distilbert", "classification"),
    ("roberta", "classification"),
    ("deberta-v2", "classification"),
]
CASES = [
    ("bert", "classification"),
    ("gpt2", "causalLm"),
    ("llama", "causalLm"),
    ("distilbert", "classification"),
    ("roberta", "classification"),
    ("t5", "seq2seq"),
]
KINDS = {
    "classification": AutoModelForSequenceClassification,
    "causalLm": AutoModelForCausalLM,
    "seq2seq": AutoModelForSeq2SeqLM,
}


def load_base(folder, task):
    model = KINDS[task].from_pretrained(folder, attn_implementation="eager")
    adapters.init(model)
    return model


@torch.no_grad()
def fill_adapter(model, seed=3):
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        if f".{NAME}." in name:
            parameter.copy_(0.3 * torch.randn(parameter.shape, generator=generator))


def record_case(target, model_type, task, method):
    folder = target / "methods" / f"{model_type}.{task}.{method}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    model = load_base(target / model_type, task)
    model.add_adapter(NAME, config=CONFIGS[method])
    model.train_adapter(NAME)
    fill_adapter(model)
    model.train()
    model.save_adapter(folder, NAME, with_head=task == "classification", use_safetensors=True)
    batch, labels = make_answer_batch() if task == "seq2seq" else (make_batch(model_type), None)
    labels = labels_of(batch, task) if labels is None else labels
    # The library leaves the tied output layer of language models trainable; what it trains here is the adapter.
    trainable = {n: p for n, p in model.named_parameters() if p.requires_grad}
    start = {f"start.{name}": p.detach().clone() for name, p in trainable.items()}
    save_file({**start, **run_case(model, batch, labels, trainable)}, folder / "training.safetensors")


def saved_once(name):
    """Name of a parameter where it stands once: the prefix is not a layer's."""
    return re.sub(r"^(\w+)\..*\.prefix_tuning\.pool\.", r"\1.prefix_tuning.", name)


def save_once(model, folder):
    """The library cannot write a prefix as safetensors, since every layer holds it: here it stands once."""
    model.save_adapter(folder, NAME, with_head=True, use_safetensors=False)
    for before, after in [("pytorch_adapter.bin", "adapter"), ("pytorch_model_head.bin", "model_head")]:
        tensors = torch.load(folder / before, weights_only=True)
        (folder / before).unlink()
        once = {name: tensor.contiguous() for name, tensor in tensors.items() if saved_once(name) == name}
        save_file(once, folder / f"{after}.safetensors")


def record_gated(target, model_type, task):
    folder = target / "methods" / f"{model_type}.{task}.unipelt"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    model = load_base(target / model_type, task)
    model.add_adapter(NAME, config=GATED)
    model.train_adapter(NAME)
    fill_adapter(model)
    model.train()
    save_once(model, folder)
    batch = without_padding(make_batch(model_type))
    trainable = {saved_once(n): p for n, p in model.named_parameters() if p.requires_grad}
    start = {f"start.{name}": p.detach().clone() for name, p in trainable.items()}
    save_file({**start, **run_case(model, batch, labels_of(batch, task), trainable)}, folder / "training.safetensors")


def main(target):
    torch.set_num_threads(1)
    for model_type, task in CASES:
        for method in CONFIGS:
            record_case(target, model_type, task, method)
    for model_type, task in GATED_CASES:
        record_gated(target, model_type, task)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
