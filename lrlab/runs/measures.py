"""What a recorded experiment measures: one function a kind, named in ``book/runs/experiments.yml``.

Each takes the description and a journal file, and returns the results as plain data.
"""

from dataclasses import asdict
from itertools import islice
from pathlib import Path

from lrlab.batches import shuffled_batches
from lrlab.runs.experiment import Experiment
from lrlab.runs.pool import Failure, Job
from lrlab.runs.spread import spread
from lrlab.runs.summary import summarise, summarise_ends, summarise_epochs
from lrlab.runs.sweep import sweep, train_all
from lrlab.training import one_step


class MeasureError(Exception):
    """Some runs of an experiment failed; the message says how many and what to do."""


def first_step(described: dict, journal: Path) -> dict:
    """One step from the same start at each rate: loss before and after, size of the change."""
    experiment = Experiment(**described["experiment"])
    train = experiment.splits().train
    results = []
    for rate in described["learning_rates"]:
        steps = []
        for seed in described["seeds"]:
            model = experiment.make_model(seed)
            images, labels = next(shuffled_batches(train, experiment.batch_size, seed))
            optimizer = experiment.make_optimizer(list(model.parameters()), rate)
            steps.append(one_step(model, images, labels, optimizer))
        results.append(
            {
                "learning_rate": rate,
                "loss_before": spread([step.loss_before for step in steps]),
                "loss_after": spread([step.loss_after for step in steps]),
                "update_ratio": spread([step.update_ratio for step in steps]),
            }
        )
    return {"learning_rates": described["learning_rates"], "results": results}


def training(described: dict, journal: Path) -> dict:
    """Whole runs: the training loss along the way, and the test data at the end."""
    experiment = Experiment(**described["experiment"])
    swept = sweep(experiment, described["learning_rates"], described["seeds"], journal=journal)
    _all_finished(swept.failures)
    return summarise(experiment, swept).document


def epochs(described: dict, journal: Path) -> dict:
    """Whole runs with held-out data: training and validation after every epoch."""
    experiment = Experiment(**described["experiment"])
    swept = sweep(experiment, described["learning_rates"], described["seeds"], journal=journal)
    _all_finished(swept.failures)
    return {
        "learning_rates": described["learning_rates"],
        "results": [
            {"learning_rate": rate, **summarise_epochs(experiment, swept.at(rate))}
            for rate in described["learning_rates"]
        ],
    }


def ends(described: dict, journal: Path) -> dict:
    """How runs end, for several variants of one experiment, each over learning rates of its own.

    A variant is named; it says its rates, and what differs from the common experiment.
    """
    variants = {
        name: (Experiment(**described["experiment"] | variant["experiment"]), variant)
        for name, variant in described["variants"].items()
    }
    seeds = described["seeds"]
    jobs = [
        Job(experiment, rate, seed)
        for experiment, variant in variants.values()
        for rate in variant["learning_rates"]
        for seed in seeds
    ]
    outcomes = train_all(jobs, journal=journal)
    _all_finished([outcome for outcome in outcomes if isinstance(outcome, Failure)])
    runs = iter(outcomes)
    return {
        "variants": {
            name: {
                "experiment": asdict(experiment),
                "learning_rates": variant["learning_rates"],
                "results": [
                    {
                        "learning_rate": rate,
                        **summarise_ends(experiment, list(islice(runs, len(seeds)))),
                    }
                    for rate in variant["learning_rates"]
                ],
            }
            for name, (experiment, variant) in variants.items()
        }
    }


MEASURES = {measure.__name__: measure for measure in (first_step, training, epochs, ends)}


def _all_finished(failures: list[Failure]) -> None:
    if failures:
        raise MeasureError(f"{len(failures)} runs failed (above); the others are kept: run again")
