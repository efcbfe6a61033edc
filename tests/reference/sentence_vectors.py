"""Loads sentence embeddings written by Tunebench with sentence-transformers and PEFT, and writes the cosines they give.

    python tests/reference/sentence_vectors.py FOLDER

FOLDER/jobs.json lists `{name, pairs, model}` for whole models, or `{name, pairs, base, adapter, pooling}`, with paths below
FOLDER and pairs of texts; the cosines go to FOLDER/cosines.json.
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
from peft import PeftModel
from sentence_transformers import SentenceTransformer
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer


def cosines_of_model(folder, pairs):
    model = SentenceTransformer(str(folder), device="cpu")
    first, second = (torch.tensor(model.encode([pair[side] for pair in pairs])) for side in (0, 1))
    return functional.cosine_similarity(first, second).tolist()


def embed(model, tokenizer, text, pooling):
    batch = tokenizer([text], return_tensors="pt")
    hidden = model(**batch).last_hidden_state[0]
    return hidden.mean(0) if pooling == "mean" else hidden[-1]


@torch.no_grad()
def cosines_of_adapter(base, adapter, pairs, pooling):
    tokenizer = AutoTokenizer.from_pretrained(base)
    model = PeftModel.from_pretrained(AutoModel.from_pretrained(base), adapter).eval()
    vectors = [[embed(model, tokenizer, text, pooling) for text in pair] for pair in pairs]
    return [functional.cosine_similarity(a, b, dim=0).item() for a, b in vectors]


def main(folder):
    torch.set_num_threads(1)
    cosines = {}
    for job in json.loads((folder / "jobs.json").read_text()):
        if "model" in job:
            cosines[job["name"]] = cosines_of_model(folder / job["model"], job["pairs"])
        else:
            base, adapter = folder / job["base"], folder / job["adapter"]
            cosines[job["name"]] = cosines_of_adapter(base, adapter, job["pairs"], job["pooling"])
    (folder / "cosines.json").write_text(json.dumps(cosines))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
