"""Records a short AdaLoRA run of PEFT's, pruning and all: what tests/parity/adalora.test.ts holds the engine to.

    python tests/reference/adalora.py tests/reference/recorded

TARGET/adalora gets the adapter as PEFT writes it at the end, and training.safetensors: inputs, start, the loss of every
step (the orthogonality among it), the values E of every layer after every step, and the logits of the last weights.
"""

import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
from peft import AdaLoraConfig, get_peft_model
from safetensors.torch import save_file

from adapters import saved_name
from peft_methods import load_base
from tiny_models import labels_of, make_batch

STEPS = 20
LEARNING_RATE = 1e-2
SETTINGS = dict(
    init_r=4,
    target_r=1,
    lora_alpha=8,
    tinit=3,
    tfinal=5,
    deltaT=2,
    total_step=STEPS,
    orth_reg_weight=0.1,
    target_modules="all-linear",
)


@torch.no_grad()
def fill(model, seed=5):
    """Starts away from zero: nothing is decided by rounding."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        if "lora_" in name:
            parameter.copy_(0.2 * torch.randn(parameter.shape, generator=generator))


def main(target):
    torch.set_num_threads(1)
    folder = target / "adalora"
    shutil.rmtree(folder, ignore_errors=True)
    tuned = get_peft_model(load_base(target / "bert", "classification"), AdaLoraConfig(task_type="SEQ_CLS", **SETTINGS))
    tuned.train()
    fill(tuned)
    batch = make_batch("bert")
    labels = labels_of(batch, "classification")
    trainable = {saved_name(name): p for name, p in tuned.named_parameters() if p.requires_grad}
    recorded = {**batch, "labels": labels}
    recorded |= {f"start.{name}": p.detach().clone() for name, p in trainable.items()}
    optimizer = torch.optim.AdamW(trainable.values(), lr=LEARNING_RATE, weight_decay=0.0)
    losses = []
    for step in range(1, STEPS + 1):
        loss = tuned(**batch, labels=labels).loss
        losses.append(loss.detach())
        loss.backward()
        optimizer.step()
        tuned.base_model.update_and_allocate(step)
        optimizer.zero_grad()
        values = {name: p for name, p in trainable.items() if "lora_E" in name}
        recorded |= {f"step{step}.{name}": p.detach().clone() for name, p in values.items()}
    recorded["losses"] = torch.stack(losses)
    with torch.no_grad():
        recorded["logits"] = tuned(**batch).logits
    tuned.save_pretrained(folder)
    (folder / "README.md").unlink()
    save_file({name: tensor.contiguous() for name, tensor in recorded.items()}, folder / "training.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
