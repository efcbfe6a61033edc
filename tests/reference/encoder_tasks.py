"""Records what transformers computes with encoders that have other heads than that of classification.

    python tests/reference/encoder_tasks.py tests/reference/recorded

For each architecture and task a folder with a checkpoint and, in full.safetensors, what steps.py records: inputs, logits,
loss, every gradient, five AdamW steps. The rows of questions all have one length: transformers' loss looks at padding too.
"""

import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
from safetensors.torch import save_file
from transformers import (
    AutoModelForMaskedLM,
    AutoModelForQuestionAnswering,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
)

from steps import make_optimizer, STEPS
from tiny_models import config_of, fill, make_batch, without_padding

SMALL = dict(hidden_size=16, intermediate_size=24, num_hidden_layers=1, num_attention_heads=2)
CONFIGS = {
    "bert": SMALL,
    "roberta": SMALL,
    "distilbert": dict(dim=16, hidden_dim=24, n_layers=1, n_heads=2, qa_dropout=0.0),
    "electra": dict(SMALL, embedding_size=10),
    "deberta-v2": SMALL,
}
CLASSES = {
    "tokenClassification": AutoModelForTokenClassification,
    "extractiveQa": AutoModelForQuestionAnswering,
    "maskedLm": AutoModelForMaskedLM,
    "multiLabel": AutoModelForSequenceClassification,
    "regression": AutoModelForSequenceClassification,
}
CHANGES = {
    "multiLabel": dict(problem_type="multi_label_classification", num_labels=4),
    "regression": dict(problem_type="regression", num_labels=1),
    "tokenClassification": dict(num_labels=5),
    "extractiveQa": dict(num_labels=2),
}
TASKS = {model: ["tokenClassification", "extractiveQa", "maskedLm"] for model in CONFIGS}
TASKS["bert"] += ["multiLabel", "regression"]


def answers_of(batch, task):
    """What transformers' class takes for its loss."""
    ids = batch["input_ids"]
    rows, time = ids.shape
    if task == "multiLabel":
        return {"labels": torch.tensor([[1.0, 0, 1, 0], [0, 0, 0, 0], [0, 1, 1, 1]])}
    if task == "regression":
        return {"labels": torch.tensor([0.5, -1.25, 2.0])}
    if task == "extractiveQa":
        return {"start_positions": torch.tensor([2, 0, 4]), "end_positions": torch.tensor([5, 0, 4])}
    places = torch.arange(rows * time).reshape(rows, time)
    hidden = (batch["attention_mask"] == 0) | (places % (3 if task == "maskedLm" else 4) == 0)
    return {"labels": (ids if task == "maskedLm" else ids % 5).masked_fill(hidden, -100)}


def record(model, batch, answers):
    trainable = dict(model.named_parameters())
    optimizer = make_optimizer(model)
    recorded = {**batch, **answers}
    losses = []
    for step in range(1, STEPS + 1):
        result = model(**batch, **answers)
        losses.append(result.loss.detach())
        optimizer.zero_grad()
        result.loss.backward()
        if step == 1:
            logits = getattr(result, "logits", None)
            if logits is None:
                logits = torch.stack([result.start_logits, result.end_logits], -1)
            recorded["logits"] = logits.detach()
            recorded |= {f"gradient.{name}": p.grad.clone() for name, p in trainable.items() if p.grad is not None}
        optimizer.step()
    recorded |= {f"step{STEPS}.{name}": p.detach().clone() for name, p in trainable.items() if p.grad is not None}
    recorded["losses"] = torch.stack(losses)
    return {name: tensor.contiguous() for name, tensor in recorded.items()}


def write(model_type, task, seed, folder):
    folder.mkdir(parents=True)
    changes = {**CONFIGS[model_type], **CHANGES.get(task, {})}
    config = config_of(model_type, **changes) if "num_labels" not in changes else config_with_labels(model_type, changes)
    model = fill(CLASSES[task].from_config(config, attn_implementation="eager").train(), seed)
    batch = make_batch(model_type)
    if task == "extractiveQa":
        batch = without_padding(batch)
    config.architectures = [type(model).__name__]
    config.save_pretrained(folder)
    names = {name for name, _ in model.named_parameters()}
    weights = {name: value.contiguous() for name, value in model.state_dict().items() if name in names}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    save_file(record(model, batch, answers_of(batch, task)), folder / "full.safetensors")


def config_with_labels(model_type, changes):
    config = config_of(model_type, **{key: value for key, value in changes.items() if key != "num_labels"})
    config.num_labels = changes["num_labels"]
    return config


def main(target):
    torch.set_num_threads(1)
    folder = target / "encoderTasks"
    shutil.rmtree(folder, ignore_errors=True)
    for seed, (model_type, tasks) in enumerate(TASKS.items()):
        for task in tasks:
            write(model_type, task, seed, folder / f"{model_type}.{task}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
