"""The adapters library's side of `npm run bench -- --methods`; arguments as for ../bench_train.py.

Runs in a Python of its own: the library pins an older transformers, and shares its name with a file beside this folder.
"""

import functools
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).parent.parent))

import adapters

import bench_model
from bench_train import main
from record import saved_once


def add_adapter(plan, model, folder):
    """The library's adapter as the folder describes it, at the values this engine starts from."""
    adapters.init(model)
    name = model.load_adapter(folder, set_active=True, use_safetensors=True)
    model.train_adapter(name)
    trained = {saved_once(n): parameter for n, parameter in model.named_parameters() if parameter.requires_grad}
    bench_model.take_start(plan, trained)
    return model


if __name__ == "__main__":
    main(functools.partial(bench_model.load, add_adapter=add_adapter))
