"""Random projections of intrinsic dimension with dense matrices, straight from the equations.

u = H G P H B v with Hadamard's H (Sylvester's construction), G = diag(normals), P a permutation, B = diag(signs)
(https://proceedings.mlr.press/v28/le13.html), the first `size` numbers of u divided by sqrt(L * sum(G^2) * size / L)
(https://arxiv.org/abs/2012.13255); theta = base + scale * u. Gradients of sum(direction * theta) by torch.

    python tests/reference/intrinsic_dimension.py tests/reference/recorded

Writes intrinsicDimension.json into that folder.
"""

import json
import math
import sys
from pathlib import Path

import torch


def hadamard(size):
    matrix = torch.ones(1, 1, dtype=torch.float64)
    while matrix.shape[0] < size:
        matrix = torch.cat([torch.cat([matrix, matrix], 1), torch.cat([matrix, -matrix], 1)])
    return matrix


def case(dimension, size, seed):
    generator = torch.Generator().manual_seed(seed)
    length = 2 ** math.ceil(math.log2(size))
    signs = torch.randint(0, 2, (length,), generator=generator).double() * 2 - 1
    order = torch.randperm(length, generator=generator)
    normals = torch.randn(length, generator=generator).double()
    v = torch.randn(dimension, generator=generator).double().requires_grad_()
    scale = torch.tensor([1.7], dtype=torch.float64, requires_grad=True)
    base = torch.randn(size, generator=generator).double()
    direction = torch.randn(size, generator=generator).double()

    kept = v[:length]
    padded = torch.cat([kept, torch.zeros(length - kept.numel(), dtype=torch.float64)])
    h = hadamard(length)
    permutation = torch.eye(length, dtype=torch.float64)[order]
    u = h @ torch.diag(normals) @ permutation @ h @ torch.diag(signs) @ padded
    u = u[:size] / math.sqrt(length * (normals**2).sum().item() * size / length)
    theta = base + scale * u
    (direction * theta).sum().backward()
    flat = lambda tensor: tensor.detach().tolist()
    return {
        "signs": flat(signs),
        "order": order.tolist(),
        "normals": flat(normals),
        "v": flat(v),
        "scale": flat(scale),
        "base": flat(base),
        "direction": flat(direction),
        "theta": flat(theta),
        "vGradient": flat(v.grad),
        "scaleGradient": flat(scale.grad),
    }


if __name__ == "__main__":
    cases = [case(5, 24, 1), case(12, 33, 2), case(20, 9, 3), case(1, 6, 4), case(16, 600, 5)]
    (Path(sys.argv[1]) / "intrinsicDimension.json").write_text(json.dumps(cases) + "\n")
