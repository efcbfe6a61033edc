"""The reference's side of a training row of `npm run bench`: transformers and PEFT on the processor.

Run: python tests/reference/bench_train.py --plan plan.json --precision fp32|bf16
It begins at the weights, rows and order that the plan's start folder holds, and stops between steps for the other side.
"""

import argparse
import json
import time

import torch
from torch.nn.utils.rnn import pad_sequence
from transformers import get_scheduler

from bench_gate import cores, peak_memory_bytes, report, wait_for_turn
from bench_model import load, read_start

UNLABELLED = -100


class Training:
    def __init__(self, plan, start, precision, load):
        self.plan, self.start = plan, start
        self.autocast_on = precision == "bf16"
        self.model, self.trainable, self.note = load(plan, start, precision)
        self.initial = [parameter.detach().clone() for parameter in self.trainable]
        self.begin()

    def begin(self):
        """To the first step of the run, at the initial weights."""
        with torch.no_grad():
            for parameter, value in zip(self.trainable, self.initial):
                parameter.copy_(value)
        steps = len(self.start["steps"])
        self.position = 0
        self.optimizer = torch.optim.AdamW(
            self.trainable, lr=self.plan["learningRate"], weight_decay=0.0, fused=True
        )
        warmup = -(-steps * 6 // 100)
        self.scheduler = get_scheduler(
            "linear", self.optimizer, num_warmup_steps=warmup, num_training_steps=steps
        )

    def autocast(self):
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.autocast_on)

    def collate(self, examples):
        """Padded on the right to the longest row of the batch."""
        ids = [torch.tensor(example["ids"]) for example in examples]
        batch = {"input_ids": pad_sequence(ids, batch_first=True, padding_value=self.start["padId"])}
        if self.plan["task"] == "classification":
            batch["attention_mask"] = pad_sequence([torch.ones_like(row) for row in ids], batch_first=True)
            batch["labels"] = torch.tensor([example["target"] for example in examples])
        else:
            # No token sees what is to its right, so padding there needs no mask, and attention takes its fastest path.
            targets = [torch.tensor(example["target"]) for example in examples]
            batch["labels"] = pad_sequence(targets, batch_first=True, padding_value=UNLABELLED)
        return batch

    def micro_batches(self, step):
        """The rows of an update; those of similar length together, which changes nothing in the sum of gradients."""
        batches = [[self.start["examples"][i] for i in batch] for batch in step]
        if len(batches) == 1:
            return batches
        rows = sorted((row for batch in batches for row in batch), key=lambda row: len(row["ids"]))
        size = self.plan["batchSize"]
        return [rows[at : at + size] for at in range(0, len(rows), size)]

    def loss(self, examples, total):
        batch = self.collate(examples)
        with self.autocast():
            if self.plan["task"] == "classification":
                return self.model(**batch).loss * (len(examples) / total)
            return self.model(**batch, use_cache=False, num_items_in_batch=torch.tensor(total)).loss

    def count_targets(self, examples):
        if self.plan["task"] == "classification":
            return len(examples)
        return sum(token != UNLABELLED for example in examples for token in example["target"][1:])

    def step(self):
        if self.position == len(self.start["steps"]):
            self.begin()
        batches = self.micro_batches(self.start["steps"][self.position])
        total = sum(self.count_targets(batch) for batch in batches)
        sum_of_losses = 0.0
        for batch in batches:
            loss = self.loss(batch, total)
            loss.backward()
            sum_of_losses += loss.item()
        torch.nn.utils.clip_grad_norm_(self.trainable, 1.0)
        self.optimizer.step()
        self.scheduler.step()
        if self.plan["method"]["id"] == "adalora":
            self.model.base_model.update_and_allocate(self.position + 1)
        self.optimizer.zero_grad(set_to_none=True)
        self.position += 1
        return sum_of_losses

    def test_accuracy(self):
        rows = sorted(self.start["test"], key=lambda row: len(row["ids"]))
        self.model.eval()
        right = 0
        with torch.no_grad(), self.autocast():
            for at in range(0, len(rows), 64):
                batch = self.collate(rows[at : at + 64])
                labels = batch.pop("labels")
                right += (self.model(**batch).logits.argmax(-1) == labels).sum().item()
        return right / max(1, len(rows))


def main(load=load):
    parser = argparse.ArgumentParser()
    parser.add_argument("--plan", required=True)
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    options = parser.parse_args()
    with open(options.plan, encoding="utf-8") as file:
        plan = json.load(file)
    torch.set_num_threads(cores())
    torch.manual_seed(plan["seed"])
    start = read_start(plan)
    training = Training(plan, start, options.precision, load)
    report(ready=True, note=training.note, trainable=sum(parameter.numel() for parameter in training.trainable))
    while True:
        turn = wait_for_turn()
        count = len(start["steps"]) if turn == "finish" else turn
        started = time.perf_counter()
        losses = [training.step() for _ in range(count)]
        seconds = time.perf_counter() - started
        more = {}
        if turn == "finish":
            rows = sum(len(batch) for step in start["steps"] for batch in step)
            more = {"rowsPerSecond": rows / seconds, "accuracy": training.test_accuracy()}
        report(milliseconds=seconds * 1000, losses=losses, peakMemoryBytes=peak_memory_bytes(), **more)


if __name__ == "__main__":
    main()
