"""Records what PEFT computes on frozen weights in 16 and 4 bits: the numbers tests/parity/precision.test.ts holds us to.

    python tests/reference/precision.py tests/reference/recorded tests/reference/recorded/precision

For the checkpoints and adapters that record.py made: exact.*.safetensors holds what record.py holds, with every linear
weight of the body put through bitsandbytes' NF4; curves.json the losses of whole runs under bfloat16 autocast, with
frozen weights as they are and as NF4 leaves them.
"""

import copy
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import bitsandbytes.functional as quantization
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification
from transformers.pytorch_utils import Conv1D

from nf4 import quantise
from record import record_case
from steps import make_optimizer

CASES = [("bert", "classification"), ("gpt2", "causalLm"), ("llama", "causalLm")]
HEADS = ("classifier", "pre_classifier", "score", "lm_head")
CURVE_STEPS = 30


def quantize_and_restore(weight):
    """
    [out, in] → the same shape. The weight goes in as one long row: bitsandbytes' processor code begins a new block with
    every row, which is right only where rows are whole blocks.
    """
    return quantization.dequantize_4bit(*quantise(weight.reshape(1, -1))).reshape(weight.shape)


def body_linears(model):
    for name, module in list(model.named_modules()):
        if isinstance(module, (nn.Linear, Conv1D)) and not any(part in HEADS for part in name.split(".")):
            yield name, module


def restore_in_place(model):
    with torch.no_grad():
        for _, module in body_linears(model):
            turned = isinstance(module, Conv1D)
            weight = module.weight.T if turned else module.weight
            restored = quantize_and_restore(weight)
            module.weight.copy_(restored.T if turned else restored)
    return model


def load(folder, model_type, task):
    kind = AutoModelForCausalLM if task == "causalLm" else AutoModelForSequenceClassification
    return kind.from_pretrained(folder / model_type, attn_implementation="eager", dtype=torch.float32)


def tune(model, folder, model_type, task):
    return PeftModel.from_pretrained(model, folder / model_type / f"{task}.lora", is_trainable=True).train()


def inputs_of(folder, model_type, task):
    recorded = load_file(folder / model_type / f"{task}.lora.safetensors")
    labels = recorded["labels"]
    return {name: recorded[name] for name in ("input_ids", "attention_mask", "token_type_ids") if name in recorded}, labels


def run_curve(model, batch, labels):
    optimizer = make_optimizer(model)
    losses = []
    for _ in range(CURVE_STEPS):
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(**batch, labels=labels).loss
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


def write(folder, target):
    torch.set_num_threads(1)
    target.mkdir(exist_ok=True)
    curves = {}
    for model_type, task in CASES:
        batch, labels = inputs_of(folder, model_type, task)
        plain = tune(load(folder, model_type, task), folder, model_type, task)
        restored = tune(restore_in_place(load(folder, model_type, task)), folder, model_type, task)
        exact = record_case(copy.deepcopy(restored), batch, labels)
        save_file(exact, target / f"exact.{model_type}.{task}.safetensors")
        curves[f"{model_type}.{task}"] = {
            "bfloat16": run_curve(plain, batch, labels),
            "nf4": run_curve(restored, batch, labels),
        }
    (target / "curves.json").write_text(json.dumps(curves, indent=1) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
