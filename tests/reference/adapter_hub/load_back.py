"""Loads adapter folders written by Tunebench with the adapters library, and writes the logits they give.

    python tests/reference/adapter_hub/load_back.py FOLDER

FOLDER is as for load_back.py. Fails where the library finds a tensor missing or too many.
"""

import json
import logging
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).parent.parent))

import adapters
import torch
from adapters import loading
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoModelForSequenceClassification

from answers import make_answer_batch
from tiny_models import make_batch, without_padding

KINDS = {
    "classification": AutoModelForSequenceClassification,
    "causalLm": AutoModelForCausalLM,
    "seq2seq": AutoModelForSeq2SeqLM,
}

noted = []


class Noting(logging.Handler):
    def emit(self, record):
        noted.append(record.getMessage())


def load(base, adapter, task):
    model = KINDS[task].from_pretrained(base, attn_implementation="eager")
    adapters.init(model)
    noted.clear()
    name = model.load_adapter(str(adapter), set_active=True, use_safetensors=True)
    wrong = [message for message in noted if "missing" in message or "unexpected" in message or "not used" in message]
    assert not wrong, f"{adapter}: {wrong}"
    assert name == "tunebench", name
    return model


def main(folder):
    torch.set_num_threads(1)
    loading.logger.addHandler(Noting())
    logits = {}
    for job in json.loads((folder / "jobs.json").read_text()):
        model = load(folder / job["base"], folder / job["adapter"], job["task"])
        with torch.no_grad():
            batch = make_answer_batch()[0] if job["task"] == "seq2seq" else make_batch(job["modelType"])
            if job["name"].endswith(".unipelt"):
                batch = without_padding(batch)
            logits[job["name"]] = model.eval()(**batch).logits.float().contiguous()
    save_file(logits, folder / "logits.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
