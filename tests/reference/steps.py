"""What every recording of a training holds: the numbers of five AdamW steps."""

import torch
from torch import nn
from transformers.trainer_pt_utils import get_parameter_names

LEARNING_RATE = 1e-3
WEIGHT_DECAY = 0.01
STEPS = 5
UNDECAYED = [r"bias", r"layernorm", r"rmsnorm", r"(?:^|\.)norm(?:$|\.)", r"_norm(?:$|\.)"]


def make_optimizer(model):
    """AdamW with transformers' rule of what is decayed (Trainer.get_decay_parameter_names)."""
    decayed = set(get_parameter_names(model, [nn.LayerNorm], UNDECAYED))
    trainable = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    groups = [
        {"params": [p for n, p in trainable if n in decayed], "weight_decay": WEIGHT_DECAY},
        {"params": [p for n, p in trainable if n not in decayed], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=LEARNING_RATE)


def run_case(model, batch, labels, trainable):
    """Five steps on one batch; `trainable` are the parameters by the names they are recorded under."""
    recorded = {**batch, "labels": labels}
    optimizer = make_optimizer(model)
    losses = []
    for step in range(1, STEPS + 1):
        result = model(**batch, labels=labels)
        losses.append(result.loss.detach())
        optimizer.zero_grad()
        result.loss.backward()
        if step == 1:
            recorded["logits"] = result.logits.detach()
            recorded |= {f"gradient.{name}": p.grad.clone() for name, p in trainable.items()}
        optimizer.step()
        if step in (1, STEPS):
            recorded |= {f"step{step}.{name}": p.detach().clone() for name, p in trainable.items()}
    recorded["losses"] = torch.stack(losses)
    return {name: tensor.contiguous() for name, tensor in recorded.items()}
