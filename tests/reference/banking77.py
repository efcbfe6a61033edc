"""LoRA on Banking77 with transformers and PEFT: what `npm run bench -- --row A` compares with.

Run: python tests/reference/banking77.py --model DIR --data DIR [--seed 0] [--precision fp32|bf16] [--epochs 1]
With --start DIR, an adapter folder with an order.json of batches beside it, the run begins at those weights and takes
its rows in that order: initial values and order move the accuracy after one epoch by several points either way, so two
programs can only be compared from the same ones.
Prints one JSON line: accuracy, seconds of training, rows per second, peak memory of the process in bytes.
"""

import argparse
import csv
import json
import os
import resource
import time

import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from transformers import AutoModelForSequenceClassification, AutoTokenizer, get_scheduler


def read_rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def batches(encoded, indices, size, tokenizer):
    for start in range(0, len(indices), size):
        part = [encoded[i] for i in indices[start : start + size]]
        batch = tokenizer.pad({"input_ids": [ids for ids, _ in part]}, return_tensors="pt")
        yield batch, torch.tensor([label for _, label in part])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--start")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    train = read_rows(os.path.join(options.data, "banking77-train.csv"))
    test = read_rows(os.path.join(options.data, "banking77-test.csv"))
    labels = sorted({label for _, label in train + test})
    orders = None
    if options.start:
        with open(os.path.join(options.start, "order.json"), encoding="utf-8") as file:
            orders = json.load(file)

    tokenizer = AutoTokenizer.from_pretrained(options.model)
    index = {label: i for i, label in enumerate(labels)}

    def encode(rows):
        return [(tokenizer(text, truncation=True, max_length=128)["input_ids"], index[label]) for text, label in rows]

    train, test = encode(train), encode(test)
    model = AutoModelForSequenceClassification.from_pretrained(options.model, num_labels=len(labels))
    config = LoraConfig(
        task_type=TaskType.SEQ_CLS, r=8, lora_alpha=16, lora_dropout=0.0, target_modules=["query", "value"]
    )
    if options.start:
        model = PeftModel.from_pretrained(model, options.start, is_trainable=True)
    else:
        model = get_peft_model(model, config)
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=options.learning_rate, weight_decay=0.0)
    if orders is None:
        orders = [torch.randperm(len(train)).tolist() for _ in range(options.epochs)]
    steps = sum(-(-len(order) // options.batch) for order in orders)
    warmup = -(-steps * 6 // 100)
    scheduler = get_scheduler("linear", optimizer, num_warmup_steps=warmup, num_training_steps=steps)

    def autocast():
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.precision == "bf16")

    model.train()
    started = time.perf_counter()
    for order in orders:
        for batch, target in batches(train, order, options.batch, tokenizer):
            with autocast():
                loss = model(**batch, labels=target).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
    seconds = time.perf_counter() - started

    model.eval()
    right = 0
    by_length = sorted(range(len(test)), key=lambda i: len(test[i][0]))
    with torch.no_grad(), autocast():
        for batch, target in batches(test, by_length, 64, tokenizer):
            right += (model(**batch).logits.argmax(-1) == target).sum().item()
    print(
        json.dumps(
            {
                "accuracy": right / len(test),
                "seconds": seconds,
                "rowsPerSecond": sum(len(order) for order in orders) / seconds,
                "peakMemoryBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "trainableParameters": sum(p.numel() for p in parameters),
            }
        )
    )


if __name__ == "__main__":
    main()
