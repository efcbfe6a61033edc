"""How the bench steers a measured program: one line in says what to do next, one JSON line out says what came of it."""

import json
import os
import resource
import sys


def wait_for_turn():
    """A number of steps, or "finish"; ends the process when there is no more."""
    line = sys.stdin.readline()
    if line == "":
        sys.exit(0)
    word = line.strip()
    return word if word == "finish" else int(word)


def report(**message):
    print(json.dumps(message), flush=True)


def peak_memory_bytes():
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
