"""Training curves beside the U: test loss after training, against the learning rate (chapter 2)."""

from matplotlib.figure import Figure

from lrlab import plots
from lrlab.runs.record import Record

CODE = ("training:fit", "training:training_step", "runs/record:gain")


def state(record: Record) -> dict:
    """Return the record of a measured training, with its best rates and its good ones."""
    return record.document | {
        "best": record.best,
        "best_rates": record.best_rates,
        "good": record.good,
    }


def picture(record: Record) -> Figure:
    """Draw the U alone."""
    settings = record.experiment
    made = f"{length(record)} of {settings['optimizer']}, batch {settings['batch_size']}"
    return plots.u_curve(record, f"{made} ({record.caption})")


def alt(record: Record) -> str:
    """Say how high the arms of the U are, where it is lowest as far as seeds tell, and its cliff."""
    lowest_rate = record.learning_rates[0]
    start, best = (record.at(rate)["test_loss"]["mean"] for rate in (lowest_rate, record.best))
    cliff = min(result["learning_rate"] for result in record.results if result["diverged"])
    alike = " and ".join(f"{rate:g}" for rate in record.best_rates)
    return (
        f"Test loss after {length(record).lower()} against learning rate, both on log axes: a U. "
        f"It falls from {start:.1f} at a rate of {lowest_rate:g} to {best:.2f} at "
        f"{record.best:g}, and jumps to the loss of guessing at {cliff:g} and above. "
        f"Ringed as the best that {len(record.seeds)} seeds can tell: {alike}."
    )


def length(record: Record) -> str:
    """Return how long the runs were, in words: one pass over the whole data set, or its steps."""
    settings = record.experiment
    whole = settings["epochs"] == 1 and settings["train_size"] is None
    return "One epoch" if whole else f"{record.steps[-1]} steps"
