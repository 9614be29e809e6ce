"""Train it here: a run that the page itself makes, beside the recorded runs of the same kind.

The records hold one experiment, each with another optimizer, and the page offers these optimizers. The
factors of its schedules are computed here, by ``lrlab.schedules``, so that the figure multiplies the
rate by them and holds no second implementation.
"""

from matplotlib.figure import Figure

from lrlab import digits, schedules
from lrlab.figures import optimizer_us, u_curve
from lrlab.figures.schedule_builder import TITLES
from lrlab.interactive import bundle
from lrlab.runs.record import Record

CODE = ("models:SimpleCNN", "training:fit", "training:training_step")
# The schedules on offer, with their settings beside the number of steps.
OFFERED = {
    "constant": {},
    "linear": {},
    "cosine": {},
    "one_cycle": {},
    "warmup_stable_decay": {"warmup_steps": 5, "decay_steps": 19},  # the parts of chapter 8
}


def state(*records: Record, rate: float = 0.1, schedule: bool = False) -> dict:
    """Return the records, one an optimizer, and what else a run in the page is made of.

    rate: the learning rate to begin with. schedule: whether the schedules stand beside the rate from
    the start; otherwise the reader opens them, with the batch size and the seed.
    """
    first = records[0]
    data, steps = first.document["data"], first.steps[-1]
    return {
        "data": data["name"],
        "images": data["train"],
        "tests": data["test"],
        "steps": steps,
        "batch": first.experiment["batch_size"],
        "rate": rate,
        "schedule": schedule,
        "schedules": [
            {"name": TITLES[name], "factors": _factors(name, settings, steps)}
            for name, settings in OFFERED.items()
        ],
        "optimizers": [optimizer_us.optimizer(record, _end) for record in records],
    }


def picture(*records: Record) -> Figure:
    """Draw the recorded U, or those of several optimizers."""
    return u_curve.picture(*records) if len(records) == 1 else optimizer_us.picture(*records)


def alt(*records: Record) -> str:
    """Say where each U is lowest, and how low."""
    ends = (
        f"{optimizer_us.name(record)} at {record.best:g} with a test loss of "
        f"{record.at(record.best)['test_loss']['mean']:.2f}"
        for record in records
    )
    return (
        f"Recorded: test loss after {records[0].steps[-1]} steps against learning rate, a U for each "
        f"optimizer, lowest for {'; '.join(ends)}. With JavaScript this page trains a run of your own."
    )


def answers() -> dict:
    """Return what a kernel answers to the figure; on the site, scripts beside the page do it.

    It is sent when the reader trains for the first time, and is no part of a saved notebook.
    """

    def training() -> dict:
        return {"source": bundle("worker", "training"), "type": "module", "images": digits.pack()}

    return {"training": training}


def _factors(name: str, settings: dict, steps: int) -> list[float]:
    factor = schedules.make(name, settings, steps)
    return [float(f"{factor(step):.4g}") for step in range(steps)]


def _end(result: dict) -> dict:
    """Return of a result what a dot of the U is drawn from."""
    return {
        "learning_rate": result["learning_rate"],
        "diverged": result["diverged"],
        "test_loss": {"values": result["test_loss"]["values"]},
    }
