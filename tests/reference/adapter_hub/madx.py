"""Records what the adapters library computes with MAD-X: language adapters with their invertible part, and a task adapter
stacked on a frozen language adapter.

    python tests/reference/adapter_hub/madx.py tests/reference/recorded

Runs in the Python of the adapters library, like record.py. Writes recorded/madx.
"""

import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).parent.parent))

import adapters
import torch
from adapters.composition import Stack
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSequenceClassification

from steps import run_case
from tiny_models import fill, labels_of, make_batch

LANGUAGE = adapters.SeqBnInvConfig(reduction_factor=4, inv_adapter_reduction_factor=2)
TASK = adapters.SeqBnConfig(reduction_factor=8)


def invert_before_vocabulary(model):
    """The inverse that the paper puts before the output vocabulary, which the library's plain classes leave out."""

    def invert(_module, args):
        return (model.base_model.invertible_adapters_forward(args[0], rev=True), *args[1:])

    model.get_output_embeddings().register_forward_pre_hook(invert)


@torch.no_grad()
def fill_adapter(model, name, seed):
    generator = torch.Generator().manual_seed(seed)
    for parameter_name, parameter in sorted(model.named_parameters()):
        if f"adapters.{name}." in parameter_name:
            parameter.copy_(0.3 * torch.randn(parameter.shape, generator=generator))


def masked_labels(batch):
    ids = batch["input_ids"]
    places = (torch.arange(ids.numel()).reshape(ids.shape) % 3 == 1) & (batch["attention_mask"] == 1)
    return torch.where(places, (7 * ids + 3) % 60, torch.full_like(ids, -100))


def record(model, folder, name, batch, labels, with_head):
    folder.mkdir(parents=True)
    model.train()
    model.save_adapter(folder, name, with_head=with_head, use_safetensors=True)
    trainable = {
        n: p for n, p in model.named_parameters() if p.requires_grad and (f"adapters.{name}." in n or with_head)
    }
    for parameter_name, parameter in model.named_parameters():
        parameter.requires_grad_(parameter_name in trainable)
    save_file(run_case(model, batch, labels, trainable), folder / "training.safetensors")


def main(target):
    torch.set_num_threads(1)
    folder = target / "madx"
    shutil.rmtree(folder, ignore_errors=True)

    # BERT with a head for masked tokens: its own checkpoint, as the others have none.
    config = AutoConfig.from_pretrained(target / "bert")
    bert = fill(AutoModelForMaskedLM.from_config(config, attn_implementation="eager"), 11)
    bert.save_pretrained(folder / "model")
    bert = AutoModelForMaskedLM.from_pretrained(folder / "model", attn_implementation="eager")
    adapters.init(bert)
    bert.add_adapter("german", config=LANGUAGE)
    bert.train_adapter("german")
    fill_adapter(bert, "german", 3)
    invert_before_vocabulary(bert)
    batch = make_batch("bert")
    record(bert, folder / "bert.maskedLm", "german", batch, masked_labels(batch), False)

    gpt2 = AutoModelForCausalLM.from_pretrained(target / "gpt2", attn_implementation="eager")
    adapters.init(gpt2)
    gpt2.add_adapter("tunebench", config=LANGUAGE)
    gpt2.train_adapter("tunebench")
    fill_adapter(gpt2, "tunebench", 4)
    invert_before_vocabulary(gpt2)
    batch = make_batch("gpt2")
    record(gpt2, folder / "gpt2.causalLm", "tunebench", batch, labels_of(batch, "causalLm"), False)

    # A task on top of one language; used with another one afterwards.
    classifier = AutoModelForSequenceClassification.from_pretrained(target / "bert", attn_implementation="eager")
    adapters.init(classifier)
    for seed, name in enumerate(("english", "swahili")):
        classifier.add_adapter(name, config=LANGUAGE)
        fill_adapter(classifier, name, 20 + seed)
        classifier.save_adapter(folder / name, name, with_head=False, use_safetensors=True)
    classifier.add_adapter("task", config=TASK)
    fill_adapter(classifier, "task", 30)
    classifier.train_adapter("task")
    classifier.active_adapters = Stack("english", "task")
    batch = make_batch("bert")
    start = folder / "task"
    record(classifier, start, "task", batch, labels_of(batch, "classification"), True)
    # Saved before training; the logits of both languages with the adapter as it was saved.
    again = AutoModelForSequenceClassification.from_pretrained(target / "bert", attn_implementation="eager")
    adapters.init(again)
    for name in ("english", "swahili", "task"):
        again.load_adapter(str(folder / name), use_safetensors=True)
    logits = {}
    with torch.no_grad():
        for name in ("english", "swahili"):
            again.active_adapters = Stack(name, "task")
            logits[name] = again.eval()(**batch).logits.contiguous()
    save_file(logits, folder / "swapped.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
