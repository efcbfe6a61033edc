"""Records what transformers and PEFT compute with encoder-decoder models.

    python tests/reference/seq2seq.py tests/reference/recorded

Writes what record.py writes for the other architectures: T5 with a tied and scaled output layer and ReLU, mT5 with an
output layer of its own and a gated feed-forward block; and below TARGET/methods what peft_methods.py writes.
"""

import copy
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
from peft import IA3Config, LoraConfig, PromptEncoderConfig, PromptTuningConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForSeq2SeqLM

from adapters import saved_name
from answers import make_answer_batch
from peft_methods import fill_adapter, trained_name
from steps import run_case
from tiny_models import HEADS, HIDDEN, INNER, LAYERS, VOCABULARY, fill

SIZES = dict(
    vocab_size=VOCABULARY,
    d_model=HIDDEN,
    d_kv=10,
    d_ff=INNER,
    num_layers=LAYERS,
    num_decoder_layers=LAYERS + 1,
    num_heads=HEADS,
    relative_attention_num_buckets=8,
    relative_attention_max_distance=10,
    dropout_rate=0.0,
    pad_token_id=0,
    eos_token_id=1,
    decoder_start_token_id=0,
)
CONFIGS = {
    "t5": dict(SIZES, feed_forward_proj="relu"),
    "mt5": dict(SIZES, feed_forward_proj="gated-gelu", tie_word_embeddings=False),
}
LORA = {
    "t5": dict(r=4, lora_alpha=8),
    "mt5": dict(r=3, lora_alpha=2, target_modules="all-linear", use_rslora=True),
}
METHODS = {
    "ia3": (IA3Config, {}),
    "promptTuning": (PromptTuningConfig, dict(num_virtual_tokens=3, num_transformer_submodules=1)),
    "pTuning": (
        PromptEncoderConfig,
        dict(num_virtual_tokens=3, num_transformer_submodules=1, encoder_hidden_size=6),
    ),
}


def load_base(folder):
    return AutoModelForSeq2SeqLM.from_pretrained(folder, attn_implementation="eager").train()


@torch.no_grad()
def make_checkpoint(model_type, seed, folder):
    folder.mkdir(parents=True, exist_ok=True)
    config = AutoConfig.for_model(model_type, **CONFIGS[model_type])
    model = fill(AutoModelForSeq2SeqLM.from_config(config), seed)
    tensors = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    for name in list(tensors):
        if name.endswith("relative_attention_bias.weight"):
            tensors[name] = tensors[name] * 5
        # Scores are not scaled: what makes queries is smaller instead, as in transformers' own start values.
        if name.endswith("Attention.q.weight"):
            tensors[name] = tensors[name] * 0.3
    model.config.architectures = [type(model).__name__]
    if model_type == "mt5":
        # Both tables are there and differ, so transformers leaves them apart, whatever the configuration says.
        generator = torch.Generator().manual_seed(seed + 100)
        tensors["lm_head.weight"] = 0.3 * torch.randn(tensors["shared.weight"].shape, generator=generator)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    model.config.save_pretrained(folder)


def record_model(model_type, seed, folder):
    shutil.rmtree(folder, ignore_errors=True)
    make_checkpoint(model_type, seed, folder)
    base = load_base(folder)
    assert (base.lm_head.weight is base.shared.weight) == (model_type == "t5"), model_type
    batch, labels = make_answer_batch()
    whole = copy.deepcopy(base)
    trainable = {saved_name(name): p for name, p in whole.named_parameters() if p.requires_grad}
    save_file(run_case(whole, batch, labels, trainable), folder / "seq2seq.full.safetensors")

    config = LoraConfig(task_type="SEQ_2_SEQ_LM", lora_dropout=0.0, **LORA[model_type])
    tuned = get_peft_model(copy.deepcopy(base), config).train()
    fill_adapter(tuned)
    tuned.save_pretrained(folder / "seq2seq.lora")
    (folder / "seq2seq.lora" / "README.md").unlink()
    trainable = {saved_name(name): p for name, p in tuned.named_parameters() if p.requires_grad}
    save_file(run_case(tuned, batch, labels, trainable), folder / "seq2seq.lora.safetensors")


def record_method(name, model_type, target):
    make_config, settings = METHODS[name]
    folder = target / "methods" / f"{model_type}.seq2seq.{name}"
    shutil.rmtree(folder, ignore_errors=True)
    config = make_config(task_type="SEQ_2_SEQ_LM", **settings)
    tuned = get_peft_model(load_base(target / model_type), config).train()
    fill_adapter(tuned)
    tuned.save_pretrained(folder)
    (folder / "README.md").unlink()
    batch, labels = make_answer_batch()
    trainable = {trained_name(n, config): p for n, p in tuned.named_parameters() if p.requires_grad}
    start = {f"start.{name}": p.detach().clone() for name, p in trainable.items()}
    save_file({**start, **run_case(tuned, batch, labels, trainable)}, folder / "training.safetensors")


def main(target):
    torch.set_num_threads(1)
    for seed, model_type in enumerate(CONFIGS):
        record_model(model_type, 50 + seed, target / model_type)
    for name in METHODS:
        record_method(name, "t5", target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
