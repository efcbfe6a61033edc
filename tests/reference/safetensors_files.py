"""Writes a file with every element type through the official safetensors library, and its values as JSON."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

TENSORS = {
    "double": torch.tensor([[0.1, -2.5]], dtype=torch.float64),
    "single": torch.tensor([1.5, -0.0, 3.0e38, 1e-40], dtype=torch.float32),
    "half": torch.tensor([1.0, 65504.0, 6e-8, -0.333], dtype=torch.float16),
    "brain": torch.tensor([1.0, 3.0e38, -0.333], dtype=torch.bfloat16),
    "long": torch.tensor([-1, 2**40], dtype=torch.int64),
    "int": torch.tensor([-7], dtype=torch.int32),
    "short": torch.tensor([-300, 300], dtype=torch.int16),
    "tiny": torch.tensor([-128, 127], dtype=torch.int8),
    "byte": torch.tensor([0, 255, 3], dtype=torch.uint8),
    "flag": torch.tensor([True, False]),
    "scalar": torch.tensor(4.0),
    "empty": torch.zeros(0, 3),
}


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save_file(TENSORS, folder / "types.safetensors", metadata={"note": "é한"})
    values = {
        name: {"shape": list(tensor.shape), "values": tensor.to(torch.float32).flatten().tolist()}
        for name, tensor in TENSORS.items()
    }
    (folder / "types.json").write_text(json.dumps(values, indent=1, sort_keys=True) + "\n")
