"""What a sweep says: mean and spread over its seeds, as the plain data that figures draw."""

import math
import statistics
from collections.abc import Callable, Iterable

from lrlab.batches import steps_per_epoch
from lrlab.runs.experiment import Experiment, Run
from lrlab.runs.record import GUESSING, Record
from lrlab.runs.spread import short, spread
from lrlab.runs.sweep import Sweep

CURVE_POINTS = 60  # enough to draw a curve; keeps a figure's data well below 50 KB


def summarise(experiment: Experiment, swept: Sweep) -> Record:
    """Return a sweep as mean and spread over its seeds, in the form of a recorded experiment.

    ``steps`` are spaced evenly on a log axis; the training loss at one of them is the mean over the
    batches since the one before it, and null from where any seed's loss is not a number.
    ``peak_loss`` is the highest loss of any batch; ``diverged`` counts the seeds of which
    ``has_diverged`` says so.
    """
    marks = log_spaced_steps(experiment.total_steps(), CURVE_POINTS)
    rates = sorted({run.learning_rate for run in swept.runs})
    results = []
    for rate in rates:
        runs = swept.at(rate)
        results.append(
            {
                "learning_rate": rate,
                "train_loss": _band([_binned(run.history.loss, marks) for run in runs]),
                "test_loss": spread([_of(run, "loss") for run in runs]),
                "test_accuracy": spread([_of(run, "accuracy") for run in runs]),
                "peak_loss": spread([_peak(run) for run in runs]),
                "diverged": sum(has_diverged(run) for run in runs),
            }
        )
    document = {
        "learning_rates": rates,
        "seeds": sorted({run.seed for run in swept.runs}),
        "steps": marks,
        "results": results,
    }
    return Record(document)


def summarise_epochs(experiment: Experiment, runs: list[Run]) -> dict:
    """Return runs with held-out data, one a seed, as one number an epoch.

    ``values`` are lists, one a seed, of one number an epoch, and end early where a run was stopped:
    the mean loss and accuracy over the epoch's batches while it trained, loss and accuracy on the
    validation data after it, and the learning rate of its last step. ``lowest_loss`` and
    ``highest_accuracy`` are those of the best epoch on the validation data, with that epoch;
    ``last_loss`` and ``last_accuracy`` those of the last epoch. ``clean_loss`` and
    ``clean_accuracy`` are those of the last weights on the training images, not augmented.
    """
    epoch_steps = steps_per_epoch(experiment.splits().train, experiment.batch_size)
    count = experiment.total_steps() // epoch_steps
    losses = [_validation(run, "loss", count) for run in runs]
    accuracies = [_validation(run, "accuracy", count) for run in runs]
    return {
        "epochs": list(range(1, count + 1)),
        "train_loss": _of_epochs([run.history.loss for run in runs], epoch_steps),
        "train_accuracy": _of_epochs([run.history.accuracy for run in runs], epoch_steps),
        "validation_loss": {"values": [_all_short(values) for values in losses]},
        "validation_accuracy": {"values": [_all_short(values) for values in accuracies]},
        "rate": {
            "values": [
                _all_short(run.history.learning_rate[epoch_steps - 1 :: epoch_steps])
                for run in runs
            ]
        },
        "lowest_loss": _best_epoch(losses, min),
        "highest_accuracy": _best_epoch(accuracies, max),
        "last_loss": spread([_last(values, count) for values in losses]),
        "last_accuracy": spread([_last(values, count) for values in accuracies]),
        "test_loss": spread([_of(run, "loss") for run in runs]),
        "test_accuracy": spread([_of(run, "accuracy") for run in runs]),
        "clean_loss": spread([_of(run, "loss", "train") for run in runs]),
        "clean_accuracy": spread([_of(run, "accuracy", "train") for run in runs]),
        "diverged": sum(has_diverged(run) for run in runs),
    }


def summarise_ends(experiment: Experiment, runs: list[Run]) -> dict:
    """Return of runs, one a seed, only how they end: what ``summarise_epochs`` says without curves.

    ``train_loss`` is the mean over the batches of the last epoch, while the weights changed. Of
    runs with held-out data it is those, and not the test data, that may decide between settings.
    """
    epoch_steps = steps_per_epoch(experiment.splits().train, experiment.batch_size)
    last = min(epoch_steps, experiment.total_steps())
    ends = {
        "train_loss": spread([_mean_of_last(run.history.loss, last) for run in runs]),
        "test_loss": spread([_of(run, "loss") for run in runs]),
        "test_accuracy": spread([_of(run, "accuracy") for run in runs]),
        "diverged": sum(has_diverged(run) for run in runs),
    }
    if not experiment.held_out:
        return ends
    whole = summarise_epochs(experiment, runs)
    kept = ("lowest_loss", "highest_accuracy", "last_loss", "last_accuracy")
    return ends | {key: whole[key] for key in (*kept, "clean_loss", "clean_accuracy")}


def has_diverged(run: Run) -> bool:
    """Return whether the loss rose clearly above its start and never came back below guessing.

    Seldom is it "not a number": a ReLU network that is thrown far enough falls silent instead, all
    its hidden units at zero, and comes to rest at the loss of guessing, ln 10.
    """
    if run.history.stopped or not math.isfinite(run.test.loss):  # the last step can do the latter
        return True
    rose = max(run.history.loss) > 1.1 * run.history.loss[0]
    return rose and run.test.loss > 0.98 * GUESSING


def log_spaced_steps(total: int, count: int) -> list[int]:
    """Return up to ``count`` different steps from 1 to ``total``, evenly spaced on a log axis."""
    return sorted({round(total ** (index / (count - 1))) for index in range(count)})


def _validation(run: Run, quantity: str, count: int) -> list[float]:
    return [entry[quantity] for entry in run.history.evaluations[:count]]


def _of_epochs(curves: list[list[float]], epoch_steps: int) -> dict:
    """Return the mean over each whole epoch of each curve."""
    return {
        "values": [
            _all_short(
                statistics.fmean(curve[start : start + epoch_steps])
                for start in range(0, len(curve) - epoch_steps + 1, epoch_steps)
            )
            for curve in curves
        ]
    }


def _best_epoch(curves: list[list[float]], best: Callable) -> dict:
    values = [best(curve, default=None) for curve in curves]
    epochs = [
        curve.index(value) + 1 if curve else None
        for curve, value in zip(curves, values, strict=True)
    ]
    return spread(values) | {"epochs": epochs}


def _last(values: list[float], count: int) -> float | None:
    return values[-1] if len(values) == count else None


def _all_short(values: Iterable[float]) -> list[float]:
    return [short(value) for value in values]


def _of(run: Run, quantity: str, data: str = "test") -> float | None:
    result = getattr(run, data)
    return None if result is None or not math.isfinite(result.loss) else getattr(result, quantity)


def _mean_of_last(losses: list[float], count: int) -> float | None:
    mean = statistics.fmean(losses[-count:])
    return mean if math.isfinite(mean) else None


def _peak(run: Run) -> float | None:
    peak = max(run.history.loss)
    return peak if math.isfinite(peak) and not run.history.stopped else None


def _binned(losses: list[float], marks: list[int]) -> list[float | None]:
    means, start = [], 0
    for mark in marks:
        mean = statistics.fmean(losses[start:mark]) if mark <= len(losses) else math.nan
        means.append(mean if math.isfinite(mean) else None)
        start = mark
    return means


def _band(curves: list[list[float | None]]) -> dict:
    columns = [None if None in column else column for column in zip(*curves, strict=True)]
    return {
        key: [None if column is None else short(function(column)) for column in columns]
        for key, function in (("mean", statistics.fmean), ("low", min), ("high", max))
    }
