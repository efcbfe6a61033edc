"""The models of the bench as transformers and PEFT make them, in the best setting they have on a processor."""

import importlib.util
import json
import os

import torch
from peft import PeftModel, prepare_model_for_kbit_training
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification


def read_start(plan):
    with open(os.path.join(plan["workFolder"], "start", "start.json"), encoding="utf-8") as file:
        return json.load(file)


def model_folder(plan):
    model = plan["model"]
    real = model["kind"] == "folder" and model["dropout"]
    return model["folder"] if real else os.path.join(plan["workFolder"], "model")


def quantized_base(precision):
    """NF4 with double quantisation through bitsandbytes, which has kernels for processors too; 16 bits without it."""
    if importlib.util.find_spec("bitsandbytes") is None:
        return {"dtype": torch.bfloat16}
    from transformers import BitsAndBytesConfig

    quantization = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16 if precision == "bf16" else torch.float32,
    )
    return {"quantization_config": quantization, "device_map": {"": "cpu"}}


def load(plan, start, precision):
    """The model at the weights this engine starts from, the parameters it trains, and what is not as in the plan."""
    folder = os.path.join(plan["workFolder"], "start")
    settings = {"dtype": torch.float32, "attn_implementation": "sdpa"}
    quantized = plan["method"]["id"] == "qlora"
    if quantized:
        settings |= quantized_base(precision)
    if plan["task"] == "classification":
        kind, settings = AutoModelForSequenceClassification, settings | {"num_labels": start["labels"]}
    else:
        kind = AutoModelForCausalLM
    model = kind.from_pretrained(model_folder(plan) if start["isAdapter"] else folder, **settings)
    if getattr(model, "is_loaded_in_4bit", False):
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    if start["isAdapter"]:
        model = PeftModel.from_pretrained(model, folder, is_trainable=True)
    else:
        wanted = set(start["trainable"])
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name in wanted)
            wanted.discard(name)
        if wanted:
            raise SystemExit(f"The reference has no parameter called {', '.join(sorted(wanted))}.")
    model.train()
    note = None
    if quantized and not getattr(model, "is_loaded_in_4bit", False):
        note = "The reference held its base in 16 bits: bitsandbytes is not installed."
    return model, [parameter for parameter in model.parameters() if parameter.requires_grad], note
