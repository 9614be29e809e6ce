"""Reads recorded experiments: full-size results with where they came from.

``load(NAME)`` reads ``book/runs/NAME.json``, which ``lrlab.runs.recording`` writes, as a ``Record``.
Nothing here trains, so a page that shows a record loads neither torch nor the trainer.

What is a *good* learning rate is defined here and nowhere else. The loss of a rate lies somewhere
between that of guessing and that of the best rate; its gain is how far down it got, as a fraction,
on a log scale (the scale on which the U is drawn)::

    gain = log(guessing / loss) / log(guessing / best loss)

A rate is good when its gain is at least GOOD_GAIN. On MNIST, where SGD's best loss is 0.072, that is
a loss of at most 0.144, twice the best. On CIFAR-10 after one epoch, where AdamW's best is 1.42, it
is 1.57; "twice the best" would there be above guessing. A gain on a linear scale would call
every rate good on MNIST that ends below 0.52, seven times the best.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from lrlab import schedules
from lrlab.roots import HERE, SHIPPED
from lrlab.runs.spread import paired_difference

GUESSING = math.log(10)  # nats: the loss of a network that gives all ten classes the same output
GOOD_GAIN = 0.8


class RunError(Exception):
    """A recorded experiment is not there or not readable; the message says what to do."""


@dataclass(frozen=True)
class Record:
    """What was measured at several learning rates, one result a rate, with its settings.

    document: the JSON document of a recorded experiment, or the part of it that
    ``lrlab.runs.summary.summarise`` makes of a sweep. ``lrlab.runs.measures`` says what a result
    holds.
    """

    document: dict

    @property
    def results(self) -> list[dict]:
        """The results, in the order of their rates."""
        return self.document["results"]

    @property
    def learning_rates(self) -> list[float]:
        """The rates that were tried, in rising order."""
        return self.document["learning_rates"]

    @property
    def seeds(self) -> list[int]:
        """The seeds; every list of ``values`` in a result has one entry for each of them."""
        return self.document["seeds"]

    @property
    def steps(self) -> list[int]:
        """The steps (optimizer updates) at which training curves are given; the last ends the run."""
        return self.document["steps"]

    @property
    def experiment(self) -> dict:
        """The settings, as ``lrlab.runs.experiment.Experiment`` takes them."""
        return self.document["experiment"]

    @property
    def caption(self) -> str:
        """Which data was used, as it stands in a figure."""
        return self.document["data"]["name"]

    @property
    def variants(self) -> dict[str, "Record"]:
        """The variants of an experiment that was recorded with several, by name, each as a record."""
        return {
            name: Record(self.document | part) for name, part in self.document["variants"].items()
        }

    def at(self, learning_rate: float) -> dict:
        """Return the result at one of the recorded rates. Raises KeyError for another one."""
        for result in self.results:
            if result["learning_rate"] == learning_rate:
                return result
        known = ", ".join(f"{rate:g}" for rate in self.learning_rates)
        raise KeyError(f"{learning_rate:g} is not among the recorded rates: {known}")

    @property
    def best(self) -> float | None:
        """The rate with the lowest mean test loss among those at which no seed diverged."""
        losses = _losses(self.results)
        return min(losses, key=losses.get, default=None)

    @property
    def best_rates(self) -> list[float]:
        """The rates that the seeds at hand cannot tell from the best one, in rising order.

        These are ``best`` and each rate whose loss, paired by seed, has a 95 % interval around its
        difference from the best that holds 0. Rates at which a seed diverged are not among them.
        """
        losses = {rate: self.at(rate)["test_loss"] for rate in _losses(self.results)}
        return [
            rate
            for rate, loss in losses.items()
            if rate == self.best or not paired_difference(losses[self.best], loss).told_apart
        ]

    @property
    def good(self) -> tuple[float, float] | None:
        """The lowest and the highest good rate; None when no rate beat guessing."""
        losses = _losses(self.results)
        good = [rate for rate in losses if gain(losses[rate], min(losses.values())) >= GOOD_GAIN]
        return (min(good), max(good)) if good else None

    def schedule(self) -> schedules.Schedule:
        """Return the schedule of the runs, as a function of the step alone."""
        settings = self.experiment
        return schedules.make(settings["schedule"], settings["schedule_options"], self.steps[-1])


def gain(loss: float, best: float) -> float:
    """Return how far ``loss`` got from guessing to ``best``, on a log scale: at most 1, NaN for none."""
    return math.log(GUESSING / loss) / math.log(GUESSING / best) if best < GUESSING else math.nan


def folder() -> Path:
    """Return the folder of recorded experiments: the one here, else the one that came with lrlab."""
    for root in HERE:
        if (root / "runs" / "experiments.yml").is_file():
            return root / "runs"
    return SHIPPED / "runs"


def load(name: str) -> Record:
    """Return the recorded experiment ``name``.

    Raises RunError when it was never recorded or cannot be read.
    """
    path = folder() / f"{name}.json"
    try:
        return Record(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        known = ", ".join(sorted(entry.stem for entry in folder().glob("*.json"))) or "nothing"
        raise RunError(
            f"{name!r} is not recorded ({known} is): run python -m lrlab.runs {name}"
        ) from None
    except json.JSONDecodeError as error:
        raise RunError(f"{path} is damaged ({error}): record it again") from error


def _losses(results: list[dict]) -> dict[float, float]:
    """Return the mean test loss of every rate at which no seed diverged."""
    return {
        result["learning_rate"]: result["test_loss"]["mean"]
        for result in results
        if not result["diverged"]
    }
