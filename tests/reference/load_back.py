"""Loads folders written by Tunebench with transformers and PEFT, and writes the logits they give.

    python tests/reference/load_back.py FOLDER

FOLDER/jobs.json lists `{name, modelType, task, base, adapter}` or `{name, modelType, task, model}`, with paths below
FOLDER; the logits go to FOLDER/logits.safetensors. Fails where transformers or PEFT find a tensor missing or too many.
"""

import json
import sys
import warnings
from pathlib import Path

sys.dont_write_bytecode = True

import torch
from peft import PeftModel
from safetensors.torch import save_file
from transformers import (
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForQuestionAnswering,
    AutoModelForSeq2SeqLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
)

from answers import make_answer_batch
from tiny_models import make_batch

KINDS = {
    "classification": AutoModelForSequenceClassification,
    "causalLm": AutoModelForCausalLM,
    "seq2seq": AutoModelForSeq2SeqLM,
    "multiLabel": AutoModelForSequenceClassification,
    "regression": AutoModelForSequenceClassification,
    "tokenClassification": AutoModelForTokenClassification,
    "extractiveQa": AutoModelForQuestionAnswering,
    "maskedLm": AutoModelForMaskedLM,
}


def load_model(folder, task):
    return KINDS[task].from_pretrained(folder, attn_implementation="eager", output_loading_info=True)


def load_whole_model(folder, task):
    model, info = load_model(folder, task)
    wrong = {name: found for name, found in info.items() if found and name.endswith("_keys")}
    assert not wrong, f"{folder}: {wrong}"
    return model


def load_adapter(base, folder, task):
    model, _ = load_model(base, task)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tuned = PeftModel.from_pretrained(model, folder)
    missing = [str(warning.message) for warning in caught if "missing" in str(warning.message)]
    assert not missing, f"{folder}: {missing}"
    # PEFT's class for questions takes token types and passes none of them on.
    return tuned.base_model if task == "extractiveQa" else tuned


def logits_of(result):
    if hasattr(result, "start_logits"):
        return torch.stack([result.start_logits, result.end_logits], -1)
    return result.logits


def main(folder):
    torch.set_num_threads(1)
    logits = {}
    for job in json.loads((folder / "jobs.json").read_text()):
        if "adapter" in job:
            model = load_adapter(folder / job["base"], folder / job["adapter"], job["task"])
        else:
            model = load_whole_model(folder / job["model"], job["task"])
        with torch.no_grad():
            batch = make_answer_batch()[0] if job["task"] == "seq2seq" else make_batch(job["modelType"])
            found = logits_of(model.eval()(**batch)).float()
        # Virtual tokens stand before the text's own.
        own = found[:, -batch["input_ids"].shape[1] :] if job["task"] == "causalLm" else found
        logits[job["name"]] = own.contiguous()
    save_file(logits, folder / "logits.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
