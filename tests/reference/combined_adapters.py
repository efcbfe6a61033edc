"""Several LoRA adapters on one model, and what PEFT's add_weighted_adapter makes of them.

    python tests/reference/combined_adapters.py tests/reference/recorded

Reads gpt2 of that folder, writes combined.
"""

import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

ADAPTERS = {
    "first": {"r": 3, "lora_alpha": 6, "target_modules": ["c_attn"]},
    "second": {"r": 2, "lora_alpha": 3, "target_modules": ["c_attn", "c_fc"], "use_rslora": True},
    "third": {"r": 3, "lora_alpha": 2, "target_modules": ["c_attn"]},
}
COMBINED = {
    "concatenated": (["first", "second"], [0.7, -1.2], "cat"),
    "averaged": (["first", "third"], [0.5, -0.8], "linear"),
}


def main(recorded):
    target = recorded / "combined"
    shutil.rmtree(target, ignore_errors=True)
    base = AutoModelForCausalLM.from_pretrained(recorded / "gpt2", attn_implementation="eager").eval()
    configs = {name: LoraConfig(task_type="CAUSAL_LM", fan_in_fan_out=True, **given) for name, given in ADAPTERS.items()}
    model = get_peft_model(base, configs["first"], adapter_name="first")
    for name in ("second", "third"):
        model.add_adapter(name, configs[name])
    generator = torch.Generator().manual_seed(5)
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            parameter.data = torch.randn(parameter.shape, generator=generator) * 0.3
    # The first adapter's scaling rule must not spread to the combination: it has rank-stabilised neighbours.
    for name, (adapters, weights, kind) in COMBINED.items():
        model.add_weighted_adapter(adapters, weights, name, combination_type=kind)
    ids = torch.randint(0, base.config.vocab_size, (2, 7), generator=generator)
    logits = {}
    with torch.no_grad():
        for name in [*ADAPTERS, *COMBINED]:
            model.set_adapter(name)
            logits[name] = model.eval()(input_ids=ids).logits.contiguous()
            folder = target / name
            model.save_pretrained(target, selected_adapters=[name])
            (folder / "README.md").unlink(missing_ok=True)
    (target / "README.md").unlink(missing_ok=True)
    save_file({"ids": ids.int(), **logits}, target / "logits.safetensors")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(Path(sys.argv[1]))
