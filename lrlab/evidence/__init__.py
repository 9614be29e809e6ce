"""The evidence table: what others report beside what the recorded experiments of this course say.

A ``Claim`` is one row. It names the records that speak to it, a function that reads a ``Finding``
out of them, and two criteria that compute the verdict from that finding. No verdict is typed: when
a record changes, so may the verdict. ``lrlab.evidence.claims`` holds the rows.
"""

from collections.abc import Callable
from dataclasses import dataclass

from IPython.display import HTML, display
from markdown_it import MarkdownIt

from lrlab import runs

REPRODUCED = "reproduced"
OTHER_REGIME = "other regime"
NOT_REPRODUCED = "not reproduced"


@dataclass(frozen=True)
class Finding:
    """What our records say: ``text`` for the reader, ``numbers`` for the criteria."""

    text: str
    numbers: dict[str, float]


@dataclass(frozen=True)
class Claim:
    """One row of the table.

    source: a Markdown link; published: the figure or the statement there; measure: takes the
    records, in the order of their names, and returns a Finding. reproduced, other_regime: criteria
    on the finding's numbers, the second asked when the first fails. rule: both of them in words.
    """

    claim: str
    source: str
    published: str
    records: tuple[str, ...]
    measure: Callable[..., Finding]
    reproduced: Callable[[dict[str, float]], bool]
    rule: str
    other_regime: Callable[[dict[str, float]], bool] = lambda numbers: False

    def load(self) -> list[dict]:
        """Return the records of this claim. Raises lrlab.runs.RunError when one is missing."""
        return [runs.load(name) for name in self.records]

    def verdict(self, finding: Finding) -> str:
        """Return REPRODUCED, OTHER_REGIME or NOT_REPRODUCED, by the claim's own criteria."""
        if self.reproduced(finding.numbers):
            return REPRODUCED
        return OTHER_REGIME if self.other_regime(finding.numbers) else NOT_REPRODUCED


def verdicts(claims: tuple[Claim, ...]) -> list[str]:
    """Return the verdict on each claim, from the records as they are now."""
    return [claim.verdict(claim.measure(*claim.load())) for claim in claims]


def table(claims: tuple[Claim, ...]) -> str:
    """Return the evidence table as Markdown. Raises lrlab.runs.RunError for a missing record."""
    rows = [
        "| claim | published | measured here | seeds and data | verdict |",
        "|---|---|---|---|---|",
    ]
    for claim in claims:
        records = claim.load()
        finding = claim.measure(*records)
        cells = (
            f"{claim.claim} ({claim.source})",
            claim.published,
            finding.text,
            provenance(records),
            f"**{claim.verdict(finding)}**",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def show(claims: tuple[Claim, ...]) -> None:
    """Display the evidence table; on a narrow page it scrolls in a frame of its own."""
    rendered = MarkdownIt("commonmark", {"html": False}).enable("table").render(table(claims))
    rendered = rendered.replace("<table>", '<table class="table">')
    frame = '<div class="lrlab" style="overflow-x: auto" tabindex="0" role="region" '
    display(HTML(f'{frame}aria-label="The evidence table">{rendered}</div>'))


def rules(claims: tuple[Claim, ...]) -> str:
    """Return, as a Markdown list, how the verdict on each claim is computed."""
    return "\n".join(f"- *{claim.claim}*: {claim.rule}" for claim in claims)


def provenance(records: list[dict]) -> str:
    """Return how many seeds stand behind some records, and of which data they are."""
    counts = sorted({len(record["seeds"]) for record in records})
    names = sorted({record["data"]["name"] for record in records})
    return f"{' and '.join(map(str, counts))} seeds, {', '.join(names)}"


def mean_and_spread(spread: dict, digits: int = 3) -> str:
    """Return "mean ± standard deviation" of a spread, as ``lrlab.runs.summary.spread`` makes it."""
    return f"{spread['mean']:.{digits}f} ± {spread['std']:.{digits}f}"
