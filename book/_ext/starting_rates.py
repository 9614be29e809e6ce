"""The table of rates to start from, one row an optimizer, computed from the recorded U's.

``{starting-rates}`` reads them from the records of chapter 6, so that the table changes when they do.
"""

from docutils import nodes
from mistakes import entry, table
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lrlab.runs.record import Record, load

OPTIMIZERS = ("sgd", "momentum", "rmsprop", "adam", "adamw")
NAMES = {"sgd": "SGD", "rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW"}


class StartingRates(SphinxDirective):
    """``{starting-rates}``: the table, and below it what was measured."""

    def run(self) -> list[nodes.Node]:
        pairs = {name: (load(f"mnist_{name}_u"), load(f"cifar_{name}_u")) for name in OPTIMIZERS}
        digits, photos = pairs["sgd"]
        columns = ["Optimizer", "Start at"]
        for record in (digits, photos):
            columns += [f"Best on {record.caption}", f"Good on {record.caption}"]
        rows = [row(name, *records) for name, records in pairs.items()]
        return [table(columns, rows, "starting-rates"), measured(digits, photos)]


def row(name: str, digits: Record, photos: Record) -> nodes.row:
    """Return the row of one optimizer, the momentum of SGD beside its name."""
    momentum = digits.experiment["optimizer_options"].get("momentum")
    title = f"SGD, momentum {momentum:g}" if momentum else NAMES[name]
    cells = (
        title,
        f"{start(digits, photos):g}",
        *(cell for record in (digits, photos) for cell in (best(record), good(record))),
    )
    return nodes.row("", *(entry([nodes.Text(cell)]) for cell in cells))


def start(digits: Record, photos: Record) -> float:
    """Return the lowest rate that is among the best of both. Raises ValueError where there is none."""
    return min({*digits.best_rates} & {*photos.best_rates})


def best(record: Record) -> str:
    return ", ".join(f"{rate:g}" for rate in record.best_rates)


def good(record: Record) -> str:
    return " to ".join(f"{rate:g}" for rate in record.good)


def measured(digits: Record, photos: Record) -> nodes.paragraph:
    """Say what was measured, with a link to the chapter."""
    chapter = addnodes.pending_xref(
        "", nodes.inline("", "chapter 6"), reftype="doc", refdomain="std", refexplicit=True
    )
    chapter["reftarget"] = "06_adaptive_optimizers"
    said = (
        f"Recorded: one epoch, batches of {digits.experiment['batch_size']}, a constant rate; "
        f"{digits.caption} in {digits.steps[-1]} steps, {photos.caption} in {photos.steps[-1]}. "
        "Best: what the seeds cannot tell from the lowest loss. Start at the lowest rate that is best "
        "on both, and search around it: another network has another U. Records: mnist_*_u and "
        "cifar_*_u in book/runs, read in "
    )
    return nodes.paragraph("", "", nodes.Text(said), chapter, nodes.Text("."))


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("starting-rates", StartingRates)
