"""Weights after AdamW steps, gradient norms and learning-rate schedules, as torch and transformers compute them.

Run: python tests/reference/optimizer.py
Writes tests/reference/recorded/optimizer.json.
"""

import json
from pathlib import Path

import torch
from transformers import get_scheduler

STEPS = 5
SHAPES = {"encoder.dense.weight": (3, 4), "encoder.dense.bias": (4,), "encoder.LayerNorm.weight": (4,)}


def flat(tensor):
    return tensor.detach().reshape(-1).tolist()


def adamw(weight_decay, clip):
    torch.manual_seed(7)
    parameters = {name: torch.nn.Parameter(torch.randn(shape)) for name, shape in SHAPES.items()}
    decayed = [p for name, p in parameters.items() if name == "encoder.dense.weight"]
    others = [p for name, p in parameters.items() if name != "encoder.dense.weight"]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}], lr=1e-2
    )
    record = {
        "weightDecay": weight_decay,
        "clip": clip,
        "shapes": {name: list(shape) for name, shape in SHAPES.items()},
        "start": {name: flat(p) for name, p in parameters.items()},
        "steps": [],
    }
    for step in range(STEPS):
        gradients = {}
        for name, p in parameters.items():
            # The bias misses a gradient at step 2: it must be left out, state and all.
            p.grad = None if (name.endswith("bias") and step == 2) else torch.randn(p.shape) * 10.0 ** (step - 3)
            gradients[name] = None if p.grad is None else flat(p.grad)
        norm = torch.nn.utils.clip_grad_norm_(list(parameters.values()), clip)
        optimizer.step()
        record["steps"].append(
            {
                "gradients": gradients,
                "norm": norm.item(),
                "weights": {name: flat(p) for name, p in parameters.items()},
            }
        )
    return record


def schedules():
    result = []
    for name in ("linear", "cosine", "constant_with_warmup"):
        for total, warmup in ((10, 3), (7, 0), (5, 5)):
            parameter = torch.nn.Parameter(torch.zeros(1))
            optimizer = torch.optim.SGD([parameter], lr=1.0)
            scheduler = get_scheduler(name, optimizer, num_warmup_steps=warmup, num_training_steps=total)
            factors = []
            for _ in range(total):
                factors.append(scheduler.get_last_lr()[0])
                optimizer.step()
                scheduler.step()
            short = "constant" if name == "constant_with_warmup" else name
            result.append({"name": short, "totalSteps": total, "warmupSteps": warmup, "factors": factors})
    return result


if __name__ == "__main__":
    recorded = {"adamw": [adamw(0.0, 1.0), adamw(0.1, 1000.0)], "schedules": schedules()}
    path = Path(__file__).parent / "recorded" / "optimizer.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(recorded) + "\n")
