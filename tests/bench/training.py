"""Training speed: our loop beside the usual DataLoader program and beside the compute floor.

Prints a table; asserts nothing. All three make the same steps of SGD on SimpleCNN, batch 64, in
one process with one thread, in turns, so that a slow moment of the machine meets all of them:

floor       forward, backward and update on one batch that stays where it is
our loop    ``lrlab.training.fit``: batches from memory, history, schedule
DataLoader  ``torchvision.datasets.MNIST`` with ``ToTensor`` and a shuffling ``DataLoader``

Run it as ``python -m tests.bench.training`` (``make bench`` does).
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
import torchvision
from torch.nn import functional
from torch.utils.data import DataLoader

from lrlab import data, training
from lrlab.models import SimpleCNN

BATCH_SIZE = 64
STEPS = 90  # one pass over the wheel's MNIST subset has 93 whole batches
ROUNDS = 30


def write_idx(path: Path, array: torch.Tensor) -> None:
    """Write a uint8 tensor in MNIST's own file format, so that torchvision reads it."""
    header = bytes([0, 0, 8, array.ndim])
    header += b"".join(size.to_bytes(4, "big") for size in array.shape)
    path.write_bytes(header + array.numpy().tobytes())


def make_loader(train: data.Dataset, root: Path) -> DataLoader:
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    pixels = (train.images[:, 0] * 255).round().byte()
    for prefix in ("train", "t10k"):
        write_idx(raw / f"{prefix}-images-idx3-ubyte", pixels)
        write_idx(raw / f"{prefix}-labels-idx1-ubyte", train.labels.byte())
    dataset = torchvision.datasets.MNIST(root, transform=torchvision.transforms.ToTensor())
    return DataLoader(dataset, batch_size=BATCH_SIZE, shuffle=True)


def step(model, images, labels, optimizer) -> None:
    optimizer.zero_grad()
    loss = functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()


def make_programs(train: data.Dataset, loader: DataLoader) -> dict[str, Callable[[], None]]:
    """Return the three programs; each call makes STEPS steps with a model that goes on."""
    programs = {}
    for name in ("floor", "our loop", "DataLoader"):
        model = SimpleCNN()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
        if name == "floor":
            images, labels = train.images[:BATCH_SIZE], train.labels[:BATCH_SIZE]

            def program(model=model, optimizer=optimizer, images=images, labels=labels):
                for _ in range(STEPS):
                    step(model, images, labels, optimizer)

        elif name == "our loop":

            def program(model=model, optimizer=optimizer):
                training.fit(
                    model, train, optimizer, steps=STEPS, batch_size=BATCH_SIZE, progress=False
                )

        else:

            def program(model=model, optimizer=optimizer):
                for _, (images, labels) in zip(range(STEPS), loader, strict=False):
                    step(model, images, labels, optimizer)

        programs[name] = program
    return programs


def main() -> None:
    """Measure and print."""
    torch.set_num_threads(1)
    train, _ = data.mnist()
    train = train.first(6000)
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        programs = make_programs(train, make_loader(train, Path(folder)))
        for program in programs.values():
            program()  # a warm-up that does not count
        names = list(programs)
        for number in range(ROUNDS):
            first = number % len(names)  # nobody always runs behind the same neighbour
            for name in names[first:] + names[:first]:
                start = time.perf_counter()
                programs[name]()
                seconds.setdefault(name, []).append(time.perf_counter() - start)

    print(f"\nTraining steps per second (SimpleCNN, SGD, batch {BATCH_SIZE}, 1 thread)")
    print(f"{ROUNDS} rounds of {STEPS} steps, in turns; medians; ratios are within a round\n")
    print(
        f"{'program':<12}{'steps/s':>9}{'ms/step':>9}{'time / floor':>15}{'speed / DataLoader':>21}"
    )
    for name in names:
        times = seconds[name]
        per_step = statistics.median(times) / STEPS
        to_floor = statistics.median(
            own / floor for own, floor in zip(times, seconds["floor"], strict=True)
        )
        to_loader = statistics.median(
            other / own for own, other in zip(times, seconds["DataLoader"], strict=True)
        )
        print(
            f"{name:<12}{1 / per_step:>9.0f}{1000 * per_step:>9.2f}{to_floor:>15.3f}{to_loader:>21.2f}"
        )
    print(f"{'wanted':<12}{'':>9}{'':>9}{'ours <= 1.05':>15}{'ours >= 1.5':>21}")


if __name__ == "__main__":
    main()
