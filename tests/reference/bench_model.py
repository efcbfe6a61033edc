"""The models of the bench as transformers and PEFT make them, in the best setting they have on a processor."""

import importlib.util
import json
import os

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

WRAPPINGS = "", "base_model.model.", "base_model."


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
        # What is trained stays whole.
        llm_int8_skip_modules=["classifier", "score", "lm_head"],
    )
    return {"quantization_config": quantization, "device_map": {"": "cpu"}}


@torch.no_grad()
def take_start(plan, trained):
    """Gives what is trained the values this engine starts from; libraries put something before a model's own names."""
    start = load_file(os.path.join(plan["workFolder"], "start", "trainable.safetensors"))
    left = dict(trained)
    for name, values in start.items():
        known = next((wrapping + name for wrapping in WRAPPINGS if wrapping + name in left), None)
        if known is None:
            raise SystemExit(f"The reference trains nothing called {name}, but {', '.join(sorted(left))}.")
        left.pop(known).copy_(values)
    if left:
        raise SystemExit(f"The reference also trains {', '.join(sorted(left))}.")


def add_adapter(plan, model, folder):
    """PEFT's adapter as the folder describes it, at the values this engine starts from."""
    from peft import PeftConfig, get_peft_model
    from peft_methods import trained_name

    config = PeftConfig.from_pretrained(folder)
    config.inference_mode = False
    options = plan["method"]["options"]
    if options.get("init") == "pissa":
        # The folder holds what an adapter comes to on the base as it is: twice the rank.
        config.r, config.lora_alpha, config.init_lora_weights = options["rank"], options["alpha"], "pissa"
    model = get_peft_model(model, config)
    trained = {trained_name(name, config): p for name, p in model.named_parameters() if p.requires_grad}
    take_start(plan, trained)
    return model


def load(plan, start, precision, add_adapter=add_adapter):
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
        from peft import prepare_model_for_kbit_training

        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    if start["isAdapter"]:
        model = add_adapter(plan, model, folder)
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
