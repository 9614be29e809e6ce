"""``python -m lrlab.runs.worker``: the process in which a sweep trains, one run after another.

It reads one JSON job a line from standard input and writes one JSON answer a line to what was
standard output when it started; everything that a run prints goes to standard error. ``lrlab.runs.pool``
starts it with one thread, because several processes of one thread each use the cores fully, and
several threads of several processes only wait for each other.
"""

import json
import os
import queue
import sys
import threading
from dataclasses import asdict

import torch

from lrlab.runs.experiment import Experiment


def main() -> None:
    """Answer jobs until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    torch.set_num_threads(1)
    jobs: queue.SimpleQueue[dict] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(jobs,), daemon=True).start()
    while True:
        job = jobs.get()
        try:
            experiment = Experiment(**job["experiment"])
            finished = experiment.run(job["learning_rate"], job["seed"], job["checkpoint"])
            answer = {"run": asdict(finished)}
        except Exception as error:  # noqa: BLE001 - whatever a run raises is reported with the run, not lost
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


def _read(jobs: queue.SimpleQueue) -> None:
    """Take jobs from standard input, and end the process with it, in the middle of a run too.

    Standard input ends when the sweep does, however it ended: no run goes on for nobody.
    """
    for line in sys.stdin:
        jobs.put(json.loads(line))
    os._exit(0)


if __name__ == "__main__":
    main()
