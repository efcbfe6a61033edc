"""Records training on pairs: better and worse answers, and texts that belong together.

    python tests/reference/pairs.py tests/reference/recorded

Direct preference optimisation by the equations of https://arxiv.org/abs/2305.18290, whose reference is the model with
its adapter switched off, or a frozen copy of it; sentence embeddings by those of https://arxiv.org/abs/1705.00652 (every
text has to find its partner in the batch) and by the squared distance of cosines from scores. For every case, one
safetensors file below TARGET/pairs: token ids and masks, the start of what is trained, the losses of five AdamW steps, the
gradients of the first, and the weights after the first and the fifth. Base models are those that record.py made.
"""

import contextlib
import copy
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from torch.nn import functional
from transformers import AutoModel, AutoModelForCausalLM

from adapters import saved_name
from peft_methods import fill_adapter
from steps import STEPS, make_optimizer
from tiny_models import CONFIGS, VOCABULARY

BETA = 0.4
TEMPERATURE = 0.2
PROMPT_LENGTHS = [3, 2, 4]


def draw(model_type, lengths, generator):
    pad = CONFIGS[model_type]["pad_token_id"]
    ids = torch.randint(5, VOCABULARY, (len(lengths), max(lengths)), generator=generator)
    mask = torch.arange(max(lengths))[None, :] < torch.tensor(lengths)[:, None]
    return {"input_ids": ids.where(mask, pad), "attention_mask": mask.long()}


def log_probabilities(model, batch):
    """Sum over each answer's tokens of the logarithm of their probability."""
    logits = model(**batch).logits[:, :-1].float()
    tokens = batch["input_ids"][:, 1:]
    own = torch.gather(logits.log_softmax(-1), 2, tokens[:, :, None])[:, :, 0]
    place = torch.arange(1, batch["input_ids"].shape[1])[None, :]
    counts = (batch["attention_mask"][:, 1:] == 1) & (place >= torch.tensor(PROMPT_LENGTHS)[:, None])
    return (own * counts).sum(1)


def preference_loss(model, reference, pairs):
    chosen, rejected = (log_probabilities(model, batch) for batch in pairs)
    with torch.no_grad(), reference as before:
        chosen_before, rejected_before = (log_probabilities(before, batch) for batch in pairs)
    difference = BETA * ((chosen - chosen_before) - (rejected - rejected_before))
    return -functional.logsigmoid(difference).mean()


def pool(hidden, batch, pooling):
    mask = batch["attention_mask"]
    if pooling == "last":
        return hidden[torch.arange(len(mask)), mask.sum(1) - 1]
    return hidden[:, 0] if pooling == "first" else (hidden * mask[:, :, None]).sum(1) / mask.sum(1)[:, None]


def embedding_loss(model, pairs, pooling, symmetric, scores):
    first, second = (
        functional.normalize(pool(model(**batch).last_hidden_state, batch, pooling)) for batch in pairs
    )
    if scores is not None:
        return functional.mse_loss((first * second).sum(1), scores)
    cosines = first @ second.T / TEMPERATURE
    own = torch.arange(len(first))
    forward = functional.cross_entropy(cosines, own)
    return (forward + functional.cross_entropy(cosines.T, own)) / 2 if symmetric else forward


def run(model, pairs, compute_loss, path):
    trainable = {saved_name(name): p for name, p in model.named_parameters() if p.requires_grad}
    recorded = {f"{part}.{name}": value for part, batch in zip(("first", "second"), pairs) for name, value in batch.items()}
    recorded |= {f"start.{name}": p.detach().clone() for name, p in trainable.items()}
    optimizer = make_optimizer(model)
    losses = []
    for step in range(1, STEPS + 1):
        loss = compute_loss()
        losses.append(loss.detach())
        optimizer.zero_grad()
        loss.backward()
        if step == 1:
            recorded |= {f"gradient.{name}": p.grad.clone() for name, p in trainable.items()}
        optimizer.step()
        if step in (1, STEPS):
            recorded |= {f"step{step}.{name}": p.detach().clone() for name, p in trainable.items()}
    recorded["losses"] = torch.stack(losses)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in recorded.items()}, path)


def add_lora(model, task_type):
    tuned = get_peft_model(model, LoraConfig(task_type=task_type, r=4, lora_alpha=8, lora_dropout=0.0))
    fill_adapter(tuned)
    return tuned.train()


@contextlib.contextmanager
def without_adapter(model):
    with model.disable_adapter():
        yield model


def record_preference(target, model_type, method):
    generator = torch.Generator().manual_seed(11)
    pairs = [draw(model_type, lengths, generator) for lengths in ([9, 7, 10], [8, 11, 6])]
    for row, length in enumerate(PROMPT_LENGTHS):
        pairs[1]["input_ids"][row, :length] = pairs[0]["input_ids"][row, :length]
    base = AutoModelForCausalLM.from_pretrained(target / model_type, attn_implementation="eager").train()
    if method == "lora":
        model = add_lora(base, "CAUSAL_LM")
        make_reference = lambda: without_adapter(model)
    else:
        model, frozen = base, copy.deepcopy(base)
        make_reference = lambda: contextlib.nullcontext(frozen)
    path = target / "pairs" / f"{model_type}.preference.{method}.safetensors"
    run(model, pairs, lambda: preference_loss(model, make_reference(), pairs), path)


def record_embedding(target, model_type, method, pooling, symmetric, scores):
    generator = torch.Generator().manual_seed(13)
    pairs = [draw(model_type, lengths, generator) for lengths in ([9, 7, 10, 4], [8, 11, 6, 5])]
    # A pooler takes no part.
    extra = {"add_pooling_layer": False} if model_type in ("bert", "roberta") else {}
    base = AutoModel.from_pretrained(target / model_type, attn_implementation="eager", **extra).train()
    model = add_lora(base, "FEATURE_EXTRACTION") if method == "lora" else base
    kind = "scores" if scores is not None else "symmetric" if symmetric else "pairs"
    path = target / "pairs" / f"{model_type}.sentenceEmbedding.{method}.{pooling}.{kind}.safetensors"
    run(model, pairs, lambda: embedding_loss(model, pairs, pooling, symmetric, scores), path)


def main(target):
    torch.set_num_threads(1)
    for model_type, method in (("gpt2", "lora"), ("llama", "lora"), ("gpt2", "full")):
        record_preference(target, model_type, method)
    scores = torch.tensor([0.9, 0.1, 0.5, 0.7])
    for case in (
        ("bert", "lora", "mean", False, None),
        ("bert", "full", "mean", True, None),
        ("roberta", "lora", "first", False, scores),
        ("llama", "lora", "last", True, None),
    ):
        record_embedding(target, *case)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
