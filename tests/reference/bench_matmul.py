"""The fastest matrix product of PyTorch on this processor, in floating-point operations per second."""

import time

import torch

from bench_gate import cores, report

SHAPES = [(1024, 768, 3072), (2048, 2048, 2048)]
SECONDS = 0.7


def measure(dtype):
    best = 0.0
    for rows, inner, columns in SHAPES:
        a, b = torch.rand(rows, inner).to(dtype), torch.rand(inner, columns).to(dtype)
        end = time.perf_counter() + SECONDS
        while time.perf_counter() < end:
            started = time.perf_counter()
            torch.matmul(a, b)
            best = max(best, 2 * rows * inner * columns / (time.perf_counter() - started))
    return best


torch.set_num_threads(cores())
with torch.no_grad():
    report(fp32=measure(torch.float32), bf16=measure(torch.bfloat16))
