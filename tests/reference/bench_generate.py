"""The reference's side of a generation row of `npm run bench`: transformers, greedy, with its cache of keys and values.

Run: python tests/reference/bench_generate.py --model DIR --batch 8 --prompt 16 --new 256 --precision fp32|bf16
Each turn writes that many new tokens for every prompt.
"""

import argparse
import time

import torch
from transformers import AutoModelForCausalLM

from bench_gate import cores, peak_memory_bytes, report, wait_for_turn


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--prompt", type=int, required=True)
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    options = parser.parse_args()
    torch.set_num_threads(cores())
    dtype = torch.bfloat16 if options.precision == "bf16" else torch.float32
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=dtype, attn_implementation="sdpa").eval()
    # Letters, as the prompts of the other side are.
    ids = torch.arange(options.batch * options.prompt).reshape(options.batch, options.prompt) % 26 + 97
    report(ready=True)
    while True:
        count = wait_for_turn()
        started = time.perf_counter()
        with torch.inference_mode():
            written = model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=count,
                min_new_tokens=count,
                do_sample=False,
                use_cache=True,
                pad_token_id=0,
            )
        seconds = time.perf_counter() - started
        if written.shape[1] != options.prompt + count:
            raise SystemExit(f"{written.shape[1] - options.prompt} tokens were written instead of {count}.")
        report(milliseconds=seconds * 1000, losses=[], peakMemoryBytes=peak_memory_bytes())


if __name__ == "__main__":
    main()
