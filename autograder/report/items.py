"""Item analysis: how hard each item is, and whether it tells strong submissions from weak ones.

Difficulty is the mean share of the points that was earned. Discrimination is the item-rest
correlation: Pearson's r between the share of this item and the share of all other points; for an
item that is right or wrong it is the point-biserial correlation. The item itself is left out of
the rest, or every item would agree with the total a little, as it is part of it.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.report.entries import UNREADABLE, Entry, Result
from autograder.report.messages import Misconception, misconceptions

FEWEST = 3  # submissions; a line through two points is always straight


@dataclass(frozen=True)
class Item:
    """What the class did with one item. ``discrimination`` is None where it is not defined."""

    name: str
    max_points: float
    submissions: int
    difficulty: float
    discrimination: float | None
    interval: tuple[float, float] | None
    misconceptions: list[Misconception]

    @property
    def reading(self) -> str:
        """What the two numbers say, in words."""
        if self.submissions < FEWEST:
            return "too few submissions to say anything"
        if self.difficulty > 0.999:
            return "everyone has it: it confirms, and separates nobody"
        if self.difficulty < 0.001:
            return "nobody has it: look at the question and its check"
        if self.discrimination is None:
            return "every submission earned the same, here or elsewhere: nothing to compare"
        if self.discrimination < 0:
            return "those who do better elsewhere do worse here: look at the question and its check"
        hard = "hard" if self.difficulty < 0.3 else "easy" if self.difficulty > 0.9 else "fair"
        if self.discrimination < 0.2:
            return f"{hard}; says little about the rest"
        return f"{hard}; those who do better elsewhere do better here"


def item_statistics(entries: Sequence[Entry]) -> list[Item]:
    """Return every item that any submission was judged on, in the order of the notebook.

    A submission that could not be read earned 0 points everywhere; of the items it says nothing.
    """
    judged = [entry for entry in entries if entry.results and entry.status != UNREADABLE]
    names = dict.fromkeys(
        name for entry in judged for name, result in entry.results.items() if result.max_points
    )
    return [_item(name, judged) for name in names]


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return Pearson's r, or None for fewer than FEWEST pairs or where one side never varies."""
    # Equal shares can differ in their last digit; that is not variance.
    first, second = ([round(value, 9) for value in side] for side in (first, second))
    if len(first) < FEWEST or len(set(first)) == 1 or len(set(second)) == 1:
        return None
    return statistics.correlation(first, second)


def rough_interval(r: float | None, pairs: int) -> tuple[float, float] | None:
    """Return the range in which r of a much larger class would lie, about 19 times in 20.

    Fisher's z transformation; it needs four pairs, and r strictly between -1 and 1.
    """
    if r is None or pairs < 4 or abs(r) > 1 - 1e-9:
        return None
    half = 1.96 / math.sqrt(pairs - 3)
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def _item(name: str, judged: Sequence[Entry]) -> Item:
    having = [entry for entry in judged if name in entry.results]
    results = [entry.results[name] for entry in having]
    shares = [result.share for result in results]
    pairs = [
        (entry.results[name].share, rest)
        for entry in having
        if (rest := _rest(entry.results, name)) is not None
    ]
    r = correlation([share for share, _ in pairs], [rest for _, rest in pairs])
    said = [
        (each.student, text)
        for each in having
        if each.results[name].share < 1
        for text in each.results[name].causes or each.results[name].lost
    ]
    return Item(
        name,
        max(result.max_points for result in results),
        len(having),
        statistics.fmean(shares),
        r,
        rough_interval(r, len(pairs)),
        misconceptions(said),
    )


def _rest(results: dict[str, Result], name: str) -> float | None:
    """Return the share of the points that all items but ``name`` earned, None if it is alone."""
    others = [result for other, result in results.items() if other != name]
    offered = math.fsum(result.max_points for result in others)
    return math.fsum(result.points for result in others) / offered if offered else None
