"""Many models at once on a GPU: what a step of 1 and of 64 costs beside a step of a plain run.

Prints a table; asserts nothing. Batch 64; the 64 models have a learning rate each and 5 seeds, as
in a sweep:

alone     ``lrlab.training.fit`` with one model
1, 64     ``lrlab.runs.batched.run_batch``, the step captured as a graph

The time of a step is that of a long run less that of a short one, over the steps between them: the
start, the capture and the evaluation at the end are in both.

Run it as ``python -m tests.bench.batched`` (``make bench`` does).
"""

import time
from collections.abc import Callable
from dataclasses import replace

import torch

from lrlab import training
from lrlab.runs.batched import run_batch
from lrlab.runs.experiment import Experiment

DEVICE = torch.device("cuda")
NETWORKS = {"mnist": "SimpleCNN", "cifar10": "CifarCNN"}
OPTIMIZERS = ("SGD", "RMSprop", "Adam", "AdamW")
SHORT, LONG = 100, 1100  # steps


def alone(experiment: Experiment) -> None:
    model = experiment.make_model(0).to(DEVICE)
    optimizer = experiment.make_optimizer(list(model.parameters()), 1e-4)
    settings = experiment.settings()
    training.fit(model, optimizer=optimizer, progress=False, **settings)


def batch(experiment: Experiment, count: int) -> None:
    run_batch(experiment, [(1e-4 * (1 + k / count), k % 5) for k in range(count)], DEVICE)


def milliseconds_a_step(program: Callable[[Experiment], None], experiment: Experiment) -> float:
    taken = []
    for steps in (SHORT, SHORT, LONG):  # the first one warms up
        started = time.perf_counter()
        program(replace(experiment, steps=steps))
        torch.cuda.synchronize()
        taken.append(time.perf_counter() - started)
    return 1000 * (taken[2] - taken[1]) / (LONG - SHORT)


def main() -> None:
    if not torch.cuda.is_available():
        print("many models at once: there is no GPU here, so nothing is measured")
        return
    print(f"many models at once, ms a step, on {torch.cuda.get_device_name()}")
    print(f"{'':24}{'alone':>8}{'1':>8}{'64':>8}   64 over alone")
    for dataset, model in NETWORKS.items():
        for optimizer in OPTIMIZERS:
            experiment = Experiment(dataset=dataset, model=model, optimizer=optimizer, steps=1)
            single, *batched = (
                milliseconds_a_step(program, experiment)
                for program in (alone, lambda each: batch(each, 1), lambda each: batch(each, 64))
            )
            print(
                f"{dataset + ', ' + optimizer:24}{single:8.2f}{batched[0]:8.2f}{batched[1]:8.2f}"
                f"{batched[1] / single:12.1f} x"
            )


if __name__ == "__main__":
    main()
