"""Records what transformers and PEFT compute on tiny random models: the numbers tests/parity holds the engine to.

    python tests/reference/record.py tests/reference/recorded

For every architecture: a checkpoint, and for every task and method one safetensors file with inputs, logits, loss,
every gradient, the loss of five AdamW steps, and the weights after the first and the fifth.
"""

import copy
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
from safetensors.torch import save_file

import safetensors_files
import variants
from adapters import add_adapter, saved_name
from steps import run_case
from tiny_models import CONFIGS, STORED_NAMES, config_of, fill, labels_of, make_batch, make_model, tasks_of

def trainable_of(model):
    return {saved_name(name): p for name, p in model.named_parameters() if p.requires_grad}


def record_case(model, batch, labels):
    return run_case(model, batch, labels, trainable_of(model))


def record_model(model_type, seed, folder):
    folder.mkdir(parents=True, exist_ok=True)
    config = config_of(model_type)
    batch = make_batch(model_type)
    models = {task: fill(make_model(config, task), seed) for task in tasks_of(model_type)}
    models["classification"].config.save_pretrained(folder)
    tensors = {}
    for model in models.values():
        names = {name for name, _ in model.named_parameters()}
        tensors |= {name: value.contiguous() for name, value in model.state_dict().items() if name in names}
    bodies = {name for name in tensors if not name.startswith(("score", "classifier", "pre_classifier", "lm_head"))}
    for model in models.values():
        model.load_state_dict({name: tensors[name] for name in bodies}, strict=False)
    stored = {STORED_NAMES.get((model_type, name), name): value for name, value in tensors.items()}
    save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
    for task, model in models.items():
        labels = labels_of(batch, task)
        save_file(record_case(copy.deepcopy(model), batch, labels), folder / f"{task}.full.safetensors")
        tuned = add_adapter(copy.deepcopy(model), model_type, task)
        tuned.save_pretrained(folder / f"{task}.lora")
        (folder / f"{task}.lora" / "README.md").unlink()
        save_file(record_case(tuned, batch, labels), folder / f"{task}.lora.safetensors")


def main(target):
    torch.set_num_threads(1)
    safetensors_files.write(target / "safetensors")
    for seed, model_type in enumerate(CONFIGS):
        shutil.rmtree(target / model_type, ignore_errors=True)
        record_model(model_type, seed, target / model_type)
    variants.write(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
