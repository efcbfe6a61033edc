"""NF4 codes, scales and restored weights as bitsandbytes computes them.

Run: python tests/reference/nf4.py (needs torch and bitsandbytes)
Writes tests/reference/recorded/nf4.json.
"""

import base64
import hashlib
import json
from pathlib import Path

import bitsandbytes.functional as quantization
import numpy as np
import torch

# Whole blocks; a last block that is not full, with more than 256 scales; a single block.
SIZES = (64, 12288, 16488)


def weights(count):
    """Multiples of 2^-32 scaled and rounded to float32: the same numbers in every language."""
    index = np.arange(count, dtype=np.uint64)
    parts = [((index * np.uint64(factor)) % np.uint64(2**32)).astype(np.float64) / 2**32 for factor in FACTORS]
    return torch.from_numpy(((sum(parts) - 1.5) * 0.04).astype(np.float32))


FACTORS = (2654435761, 2246822519, 3266489917)


def encoded(tensor):
    return base64.b64encode(tensor.contiguous().numpy().tobytes()).decode()


def hashed(tensor):
    return hashlib.sha256(tensor.contiguous().numpy().tobytes()).hexdigest()


def quantise(row):
    """
    bitsandbytes' NF4 with double quantisation of one long row. For the 8-bit codes its processor code in float32 takes a
    short cut that now and then misses the nearest level; in float64 it searches as its other devices do. The mean is
    taken in float64 so that it does not depend on the order of additions.
    """
    codes, scales = torch.ops.bitsandbytes.quantize_4bit(row, 64, "nf4", torch.uint8)
    offset = scales.double().mean().float()
    levels = quantization.create_dynamic_map()
    nested, factors = torch.ops.bitsandbytes.quantize_blockwise((scales - offset).double(), levels, 256)
    state = quantization.QuantState(
        absmax=nested,
        shape=row.shape,
        dtype=row.dtype,
        blocksize=64,
        code=quantization.get_4bit_type("nf4", device="cpu"),
        quant_type="nf4",
        offset=offset,
        state2=quantization.QuantState(absmax=factors.float(), code=levels, blocksize=256, dtype=torch.float32),
    )
    return codes, state


def record(count):
    packed, state = quantise(weights(count).reshape(1, count))
    restored = quantization.dequantize_4bit(packed, state)
    return {
        "size": count,
        "codesSha256": hashed(packed),
        "scales": encoded(state.absmax),
        "nestedScales": encoded(state.state2.absmax),
        "offset": encoded(state.offset.to(torch.float32).reshape(1)),
        "restoredSha256": hashed(restored),
    }


if __name__ == "__main__":
    target = Path(__file__).parent / "recorded" / "nf4.json"
    target.write_text(json.dumps({"cases": [record(count) for count in SIZES]}, indent=1) + "\n")
