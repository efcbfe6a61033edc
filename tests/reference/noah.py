"""A sub-network of NOAH's supernet, and its evolutionary search, from the paper's equations
(https://arxiv.org/abs/2206.04673): what tests hold the engine to.

    python tests/reference/noah.py tests/reference/recorded

Reads bert and gpt2 of that folder, writes noah.
"""

import json
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

from tiny_models import make_batch

LARGEST_RANK, LARGEST_WIDTH, LARGEST_PROMPT = 5, 7, 4
GENOMES = {"bert": {"prompt": 3, "ranks": [2, 5], "widths": [7, 0]}, "gpt2": {"prompt": 1, "ranks": [4, 0], "widths": [3, 2]}}


def blocks_of(model, kind):
    if kind == "bert":
        return [
            (
                f"bert.encoder.layer.{i}",
                {name: getattr(layer.attention.self, name) for name in ("query", "key", "value")},
                layer.output.dense,
            )
            for i, layer in enumerate(model.bert.encoder.layer)
        ]
    return [(f"transformer.h.{i}", {"c_attn": layer.attn.c_attn}, layer.mlp) for i, layer in enumerate(model.transformer.h)]


def out_features(layer):
    return layer.weight.shape[0] if isinstance(layer, torch.nn.Linear) else layer.weight.shape[1]


def record(kind, base, folder):
    task = AutoModelForSequenceClassification if kind == "bert" else AutoModelForCausalLM
    model = task.from_pretrained(base, attn_implementation="eager").eval()
    genome, hidden = GENOMES[kind], model.config.hidden_size
    generator = torch.Generator().manual_seed(9)
    draw = lambda *shape: 0.4 * torch.randn(shape, generator=generator)
    saved = {"noah.prompt": draw(LARGEST_PROMPT, hidden)[: genome["prompt"]]}
    for index, (path, layers, feed_forward) in enumerate(blocks_of(model, kind)):
        rank, width = genome["ranks"][index], genome["widths"][index]
        a = draw(LARGEST_RANK, hidden)
        for name, layer in layers.items():
            b = draw(out_features(layer), LARGEST_RANK)
            # The first `rank` rows and columns of what the supernet holds.
            hook = lambda _m, args, y, a=a, b=b, r=rank: y + args[0] @ a[:r].T @ b[:, :r].T
            layer.register_forward_hook(hook)
            if rank:
                saved |= {f"{path}.noah.lora_A": a[:rank], f"{path}.noah.lora_B.{name}": b[:, :rank]}
        down, down_bias = draw(LARGEST_WIDTH, hidden), draw(LARGEST_WIDTH)
        up, up_bias = draw(hidden, LARGEST_WIDTH), draw(hidden)

        def adapt(_module, _args, z, down=down, down_bias=down_bias, up=up, up_bias=up_bias, m=width):
            inner = z @ down[:m].T + down_bias[:m]
            return z + (inner * torch.sigmoid(1.702 * inner)) @ up[:, :m].T + up_bias

        if width:
            feed_forward.register_forward_hook(adapt)
            names = ("down.weight", "down.bias", "up.weight", "up.bias")
            values = (down[:width], down_bias[:width], up[:, :width], up_bias)
            saved |= {f"{path}.noah.adapter_{name}": value for name, value in zip(names, values)}
    batch = make_batch(kind)
    ids, mask = batch["input_ids"], batch["attention_mask"]
    words = model.get_input_embeddings()(ids)
    prompt = saved["noah.prompt"].expand(ids.shape[0], -1, -1)
    given = {"inputs_embeds": torch.cat([prompt, words], 1)}
    given["attention_mask"] = torch.cat([torch.ones(prompt.shape[:2], dtype=mask.dtype), mask], 1)
    if "token_type_ids" in batch:
        types = batch["token_type_ids"]
        given["token_type_ids"] = torch.cat([torch.zeros(prompt.shape[:2], dtype=types.dtype), types], 1)
    with torch.no_grad():
        logits = model(**given).logits
    if kind == "gpt2":
        logits = logits[:, genome["prompt"] :]
    folder.mkdir(parents=True)
    save_file({name: value.contiguous() for name, value in saved.items()}, folder / "adapter_model.safetensors")
    (folder / "adapter_config.json").write_text(json.dumps({"peft_type": "NOAH", **genome}) + "\n")
    save_file({**{k: v.int() for k, v in batch.items()}, "logits": logits.contiguous()}, folder / "logits.safetensors")


class Search:
    """The best of all seen are parents; children change or mix them; new ones fill up each generation."""

    def __init__(self, space, plan, limit):
        self.space, self.plan, self.limit = space, plan, limit
        self.state, self.seen, self.best, self.measured = 12345, set(), [], []

    def draw(self):
        self.state = (1664525 * self.state + 1013904223) % 2**32
        return self.state / 2**32

    def pick(self, items):
        return items[int(self.draw() * len(items))]

    def sizes(self):
        depth = self.pick(self.space["depths"])
        drawn = [self.pick(self.space["sizes"]) for _ in range(depth)]
        return drawn + [0] * (self.space["blocks"] - depth)

    def random(self):
        return (self.pick(self.space["promptSizes"]), tuple(self.sizes()), tuple(self.sizes()))

    def change(self, sizes):
        if self.draw() >= 0.2:
            return sizes
        depth = sizes.index(0) if 0 in sizes else len(sizes)
        following = self.pick(self.space["depths"]) if self.draw() < 0.4 else depth
        drawn = [self.pick(self.space["sizes"]) for _ in range(max(0, following - depth))]
        return (*sizes[: min(depth, following)], *drawn, *[0] * (self.space["blocks"] - following))

    def parent(self):
        return self.best[int(self.draw() * len(self.best))][0]

    def mutate(self):
        prompt, ranks, widths = self.parent()
        prompt = self.pick(self.space["promptSizes"]) if self.draw() < 0.2 else prompt
        return (prompt, self.change(ranks), self.change(widths))

    def cross(self):
        one, other = self.parent(), self.parent()
        return tuple(one[i] if self.draw() < 0.5 else other[i] for i in range(3))

    def cost(self, genome):
        return 3 * genome[0] + 2 * sum(genome[1]) + 5 * sum(genome[2])

    def fitness(self, genome):
        prompt, ranks, widths = genome
        return sum((i + 1) * r for i, r in enumerate(ranks)) - 0.5 * sum(widths) + (prompt * 7) % 5

    def breed(self, wanted, make):
        made = []
        for _ in range(10 * wanted):
            if len(made) == wanted:
                break
            genome = make()
            if genome in self.seen or self.cost(genome) > self.limit:
                continue
            self.seen.add(genome)
            made.append((genome, self.fitness(genome)))
            self.measured.append([genome[0], *genome[1], *genome[2]])
        return made

    def select(self, candidates):
        self.best = sorted(self.best + candidates, key=lambda pair: -pair[1])[: self.plan["parents"]]

    def run(self):
        plan = self.plan
        candidates = self.breed(plan["population"], self.random)
        for _ in range(plan["generations"]):
            self.select(candidates)
            children = self.breed(plan["mutations"], self.mutate)
            children += self.breed(plan["crossovers"], self.cross)
            candidates = children + self.breed(plan["population"] - len(children), self.random)
        self.select(candidates)
        genome = self.best[0][0]
        return [genome[0], *genome[1], *genome[2]]


def main(recorded):
    target = recorded / "noah"
    shutil.rmtree(target, ignore_errors=True)
    for kind in GENOMES:
        record(kind, recorded / kind, target / kind)
    space = {"blocks": 4, "depths": [1, 2, 3, 4], "promptSizes": [1, 2, 6], "sizes": [1, 2, 4, 8]}
    plan = {"population": 8, "parents": 3, "mutations": 4, "crossovers": 4, "generations": 4}
    search = Search(space, plan, 70)
    record_ = {"space": space, "plan": plan, "limit": 70, "winner": search.run(), "measured": search.measured}
    (target / "search.json").write_text(json.dumps(record_) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(Path(sys.argv[1]))
