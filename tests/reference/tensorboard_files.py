"""Event files written and read by TensorBoard itself.

Run: python tests/reference/tensorboard_files.py write DIR   writes one file with scalars of both kinds into DIR
     python tests/reference/tensorboard_files.py train DIR   writes DIR as torch's SummaryWriter does during a training
     python tests/reference/tensorboard_files.py read DIR    prints what TensorBoard finds in DIR as JSON
"""

import json
import sys

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.scalar.summary_v2 import scalar_pb
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util


def write(folder):
    writer = EventFileWriter(folder)
    for step in range(5):
        simple = Summary(value=[Summary.Value(tag="train/loss", simple_value=1.0 / (step + 1))])
        writer.add_event(Event(wall_time=1000.0 + step, step=step, summary=simple))
        writer.add_event(Event(wall_time=1000.5 + step, step=step, summary=scalar_pb("검증/정확도", step / 10)))
    writer.add_event(Event(wall_time=2000.0, step=2**40, summary=scalar_pb("late", -1.5)))
    writer.close()


def train(folder):
    from torch.utils.tensorboard import SummaryWriter

    for run, rate in (("first", 0.5), ("second", 0.25)):
        with SummaryWriter(f"{folder}/{run}") as writer:
            writer.add_hparams({"learning rate": rate}, {"hparam/accuracy": rate}, run_name="hyper")
            writer.add_text("note", "not a number")
            for step in range(200):
                writer.add_scalar("train/loss", rate / (step + 1), step)
                writer.add_scalar("validation/accuracy", step / 200, step, new_style=True)
                writer.add_histogram("weights", np.arange(9.0) + step, step)
                writer.add_scalar("broken", float("nan"), step)


def read(folder):
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0, "tensors": 0})
    accumulator.Reload()
    tags = accumulator.Tags()
    found = {tag: [[e.step, e.wall_time, e.value] for e in accumulator.Scalars(tag)] for tag in tags["scalars"]}
    for tag in tags["tensors"]:
        found[tag] = [
            [e.step, e.wall_time, float(np.asarray(tensor_util.make_ndarray(e.tensor_proto)))]
            for e in accumulator.Tensors(tag)
        ]
    print(json.dumps(found, ensure_ascii=False))


{"write": write, "train": train, "read": read}[sys.argv[1]](sys.argv[2])
