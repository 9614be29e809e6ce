"""A claim, what we found, and the verdict that follows.

A ``Claim`` names the records that speak to it, a function that reads a ``Finding`` out of them, and
two criteria that compute the verdict from that finding. No verdict is typed: when a record changes,
so may the verdict.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lrlab import runs
from lrlab.runs.record import Record

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

    def load(self) -> list[Record]:
        """Return the records of this claim. Raises lrlab.runs.RunError when one is missing."""
        return [runs.load(name) for name in self.records]

    def verdict(self, finding: Finding) -> str:
        """Return REPRODUCED, OTHER_REGIME or NOT_REPRODUCED, by the claim's own criteria."""
        if self.reproduced(finding.numbers):
            return REPRODUCED
        return OTHER_REGIME if self.other_regime(finding.numbers) else NOT_REPRODUCED


def verdicts(claims: Iterable[Claim]) -> list[str]:
    """Return the verdict on each claim, from the records as they are now."""
    return [claim.verdict(claim.measure(*claim.load())) for claim in claims]
