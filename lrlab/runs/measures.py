"""What a recorded experiment measures: one function a kind, named in ``book/runs/experiments.yml``.

Each takes the description and a journal file, and returns the results as plain data.
"""

from dataclasses import asdict
from itertools import islice
from pathlib import Path

from lrlab.batches import shuffled_batches
from lrlab.runs.experiment import Experiment, Run
from lrlab.runs.pool import Failure, Job
from lrlab.runs.spread import spread
from lrlab.runs.summary import summarise, summarise_ends, summarise_epochs
from lrlab.runs.sweep import sweep, train_all
from lrlab.training import one_step

FINALISTS = 1  # so many candidates by validation loss, and as many by validation accuracy


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


def frontier(described: dict, journal: Path) -> dict:
    """A search: every candidate with the first seed, then the best ones with all seeds.

    A candidate is a learning rate and what differs from the common experiment. The validation data
    alone decides who is a finalist: the lowest losses and the highest accuracies of any epoch, since
    the number of epochs is free to choose. The test data is looked at for the finalists only.
    """
    seeds, candidates = described["seeds"], described["candidates"]
    settings = [
        Experiment(**described["experiment"] | candidate["experiment"]) for candidate in candidates
    ]
    rates = [candidate["learning_rate"] for candidate in candidates]

    def train(chosen: list[int], seeds: list[int]) -> list[list[Run]]:
        jobs = [Job(settings[index], rates[index], seed) for index in chosen for seed in seeds]
        outcomes = train_all(jobs, journal=journal)
        _all_finished([outcome for outcome in outcomes if isinstance(outcome, Failure)])
        return [outcomes[start : start + len(seeds)] for start in range(0, len(jobs), len(seeds))]

    everyone = list(range(len(candidates)))
    tried = []
    for index, runs in zip(everyone, train(everyone, seeds[:1]), strict=True):
        summary = summarise_epochs(settings[index], runs)
        kept = ("lowest_loss", "highest_accuracy", "last_loss", "last_accuracy", "train_accuracy")
        plain = {key: summary[key] for key in kept}
        plain["train_accuracy"] = (plain["train_accuracy"]["values"][0] or [None])[-1]
        tried.append(candidates[index] | plain)

    def place(key: str, sign: int) -> list[int]:
        finished = [index for index in everyone if tried[index][key]["mean"] is not None]
        return sorted(finished, key=lambda index: sign * tried[index][key]["mean"])[:FINALISTS]

    chosen = sorted({*place("lowest_loss", 1), *place("highest_accuracy", -1)})
    return {
        "candidates": tried,
        "finalists": [
            candidates[index]
            | {"experiment": asdict(settings[index])}
            | summarise_epochs(settings[index], runs)
            for index, runs in zip(chosen, train(chosen, seeds), strict=True)
        ],
    }


MEASURES = {measure.__name__: measure for measure in (first_step, training, epochs, ends, frontier)}


def _all_finished(failures: list[Failure]) -> None:
    if failures:
        raise MeasureError(f"{len(failures)} runs failed (above); the others are kept: run again")
