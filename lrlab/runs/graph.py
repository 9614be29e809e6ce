"""A training step, made again and again; on a GPU as a CUDA graph.

The step of a small model is a few hundred kernels of a few microseconds each, and Python takes
longer to start them than they take to run. A CUDA graph notes them once, with the addresses that
they read and write, and starts all of them with one call. So a step that is captured works on the
same tensors every time, and looks at no number: what changes from step to step, the batch and the
learning rates, is copied into those tensors before it.
"""

import warnings
from collections.abc import Callable, Iterator
from itertools import cycle

import torch

WARM_UP = 3  # PyTorch's notes on CUDA graphs ask for a few steps that are run, not captured
BRANCHES = 16  # one model's update fills a few of a GPU's hundred multiprocessors

# How an optimizer is made so that its step can be captured: with its rate, and where it counts its
# steps that count, in a tensor on the GPU. ``fused`` updates all of a model's weights in one kernel.
OPTIMIZER_OPTIONS = {
    "SGD": {"fused": True},
    "RMSprop": {"capturable": True},
    "Adam": {"capturable": True, "fused": True},
    "AdamW": {"capturable": True, "fused": True},
}

Step = Callable[[], torch.Tensor]


def repeated(step: Step) -> Iterator[torch.Tensor]:
    """Make ``step`` once each time that the next result is asked for."""
    while True:
        yield step()


def captured(step: Step) -> Iterator[torch.Tensor]:
    """Do the same as ``repeated``, as a graph once the step has run a few times.

    The result is the same tensor each time, with other numbers in it: copy it before the next step.
    """
    side = torch.cuda.Stream()
    for _ in range(WARM_UP):
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side), warnings.catch_warnings():
            # Optimizers warn that they could be captured and are not; here they will be.
            warnings.filterwarnings("ignore", message=".*capturable=True")
            result = step()
        torch.cuda.current_stream().wait_stream(side)
        yield result
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = step()  # noted, not run
    while True:
        graph.replay()
        yield result


def side_by_side(jobs: list[Callable]) -> None:
    """Do jobs that do not depend on each other; in a graph, as branches that run at the same time."""
    if not (torch.cuda.is_initialized() and torch.cuda.is_current_stream_capturing()):
        for job in jobs:
            job()
        return
    trunk = torch.cuda.current_stream()
    branches = [torch.cuda.Stream() for _ in range(BRANCHES)]
    for branch in branches:
        branch.wait_stream(trunk)
    for job, branch in zip(jobs, cycle(branches), strict=False):
        with torch.cuda.stream(branch):
            job()
    for branch in branches:
        trunk.wait_stream(branch)
