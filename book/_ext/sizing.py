"""The tables of how large a machine a class needs, computed from what was measured.

``{student-costs}`` shows the record ``book/classroom/sizing.json``, which ``python -m
autograder.classroom.sizing`` writes; ``{class-sizes} 30 300`` what follows for classes of these sizes,
with the page's assumptions as its options; ``{class-example} 300`` the same sums in words.
"""

from dataclasses import fields
from typing import ClassVar

from class_needs import Assumed, heaviest, load, median, needs
from docutils import nodes
from docutils.parsers.rst import directives
from mistakes import entry, table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class StudentCosts(SphinxDirective):
    """What was measured, one row a part, and how."""

    def run(self) -> list[nodes.Node]:
        record = load()
        parts = record["parts"]
        columns = ("What runs", "MiB, alone", "MiB, each of several", "Processor seconds")
        rows = [row(*cells(parts, part, words)) for part, words in described(parts).items()]
        return [table(columns, rows, "student-costs"), how(record)]


def described(parts: dict) -> dict[str, str]:
    """Return what each part is, in words, by its name."""
    read, trained = parts["reading"]["chapter"], parts["training"]
    found = {
        "hub": "Hub and proxy; each: for one server more",
        "server": "A student's server, and its start",
        "idle": "The same, an hour of doing nothing",
        "reading": f"The kernel of a chapter, all cells run ({read})",
        "training": f"The cell that computes longest ({trained['chapter']}, cell {trained['cell']}), at its peak",
    }
    for each in parts.keys() - found.keys():
        kind, name = each.split()
        found[each] = {
            "validating": f"Validate {name}, solved",
            "grading": f"Grade one more {name}: sandbox and judge",
        }[kind]
    return {part: found[part] for part in parts}


def cells(parts: dict, part: str, words: str) -> list[str]:
    """Return the cells of one part's row; a dash where nothing was measured."""
    values = parts[part]
    used = values.get("seconds") or values.get("seconds_an_hour")
    return [
        words,
        f"{values['memory']['median']:,.0f}" if "memory" in values else "–",
        f"{values['each']['median']:,.1f}" if "each" in values else "–",
        f"{used['median']:.1f}" if used else "–",
    ]


def how(record: dict) -> nodes.paragraph:
    """Say how, on what and when it was measured."""
    made = record["provenance"]
    versions = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
    rounds = len(record["parts"]["server"]["memory"]["values"])
    return nodes.paragraph(
        "",
        "",
        nodes.Text(f"Recorded on {made['date']} by "),
        nodes.literal(text=made["command"]),
        nodes.Text(
            f": the median of {rounds} rounds, {record['students']} servers side by side, "
            f"{made['seconds'] / 60:.0f} minutes; "
            f"{made['hardware']}; {versions}. Other work ran on the machine meanwhile (load "
            f"{min(made['load']):.1f} to {max(made['load']):.1f}), which makes processor seconds "
            "somewhat more and leaves memory as it is."
        ),
    )


class ForAClass(SphinxDirective):
    """A directive with sizes as its argument and the assumptions as options."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {each.name: directives.unchanged_required for each in fields(Assumed)}

    @property
    def assumed(self) -> Assumed:
        return Assumed(**{name: float(value) for name, value in self.options.items()})

    @property
    def sizes(self) -> list[int]:
        return [int(each) for each in self.arguments[0].split()]


class ClassSizes(ForAClass):
    """What classes of several sizes need, a row each."""

    def run(self) -> list[nodes.Node]:
        parts = load()["parts"]
        columns = (
            "Students",
            "Servers",
            "Kernels",
            "Training",
            "Cores",
            "GiB, one machine",
            "GiB, pods",
            "Graded at once",
        )
        rows = []
        for size in self.sizes:
            found = needs(parts, size, self.assumed)
            numbers = (size, found.servers, found.kernels, found.training)
            memory = (found.machine, found.pods)
            rows.append(
                row(
                    *(f"{each:,}" for each in numbers),
                    f"{found.cores:.1f}",
                    *(f"{each:,.0f}" for each in memory),
                    f"{found.graded_at_once:,}",
                )
            )
        return [table(columns, rows, "class-sizes")]


class ClassExample(ForAClass):
    """The sums for one size, written out."""

    def run(self) -> list[nodes.Node]:
        parts, [size] = load()["parts"], self.sizes
        found = needs(parts, size, self.assumed)
        grading = heaviest(parts, "grading")
        each = {part: median(parts, part, "each") for part in ("hub", "server", "reading")}
        return [
            nodes.paragraph(
                text=f"Memory on one machine, for {size:,} students: "
                f"{median(parts, 'hub', 'memory'):.0f} + {found.servers - 1} × {each['hub']:.1f}"
                f" + {found.servers} × {each['server']:.1f}"
                f" + {found.kernels - found.training} × {each['reading']:.1f}"
                f" + {found.training} × {median(parts, 'training', 'memory'):.0f}"
                f" + {found.graded_at_once} × {median(parts, grading, 'memory'):.0f} MiB"
                f" = {found.machine:.0f} GiB."
            )
        ]


def row(*texts: str) -> nodes.row:
    return nodes.row("", *(entry([nodes.Text(each)]) for each in texts))


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("student-costs", StudentCosts)
    app.add_directive("class-sizes", ClassSizes)
    app.add_directive("class-example", ClassExample)
