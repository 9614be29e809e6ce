"""Where the bars, marks and labels of the report's drawings lie; the template draws them.

Every drawing is WIDTH units wide. A phone shows a unit as about a pixel, so letters of 13 units can
be read there; a wide screen shows two drawings side by side.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

WIDTH = 400
LEFT, RIGHT = 10, 388
COLUMNS_LEFT = 44  # of a histogram, which has numbers at its side
ROW = 40  # height of a row: its label, and the bar below
LABEL = 46  # characters of a label


@dataclass(frozen=True)
class Row:
    """One row: a bar from x to x + width, a mark, a span around it; each may be absent."""

    label: str
    value: str
    y: float
    bar: tuple[float, float] | None = None
    mark: float | None = None
    span: tuple[float, float] | None = None


@dataclass(frozen=True)
class Chart:
    """A drawing: rows (or columns) over an axis with ticks ``(x, label)``, and what it is about."""

    title: str
    axis: str
    height: float
    ticks: list[tuple[float, str]]
    rows: list[Row]
    zero: float | None = None  # where the line of 0 stands when it is not the left edge


@dataclass(frozen=True)
class Column:
    """One bar of a histogram and the number above it."""

    x: float
    y: float
    width: float
    height: float
    count: int


@dataclass(frozen=True)
class Histogram:
    """A drawing of columns over an axis in percent."""

    title: str
    height: float
    floor: float
    ticks: list[tuple[float, str]]
    levels: list[tuple[float, int]]
    columns: list[Column]
    counts: list[int]


def histogram(shares: Sequence[float], title: str) -> Histogram:
    """Return ten columns for shares between 0 and 1; more than 1 (a bonus) counts as 1."""
    counts = np.histogram(np.clip(shares, 0, 1), bins=10, range=(0, 1))[0].tolist()
    top, floor = 24, 190
    highest = max(1, *counts)
    step = math.ceil(highest / 4)
    unit, width = (floor - top) / highest, (RIGHT - COLUMNS_LEFT) / 10
    columns = [
        Column(
            COLUMNS_LEFT + place * width + 2, floor - count * unit, width - 4, count * unit, count
        )
        for place, count in enumerate(counts)
    ]
    ticks = [(COLUMNS_LEFT + place * width, f"{place * 10}") for place in range(0, 11, 2)]
    levels = [(floor - level * unit, level) for level in range(0, highest + 1, step)]
    return Histogram(title, floor + 48, floor, ticks, levels, columns, counts)


def bars(
    title: str,
    axis: str,
    entries: Sequence[tuple[str, str, float, float | None]],
    high: float,
    ticks: Sequence[float],
) -> Chart:
    """Return one bar a row, from 0 to ``high``, for ``(label, value in words, bar, mark)``."""

    def place(value: float) -> float:
        return LEFT + value / high * (RIGHT - LEFT)

    rows = [
        Row(
            _short(label),
            value,
            number * ROW,
            (LEFT, place(bar) - LEFT),
            None if mark is None else place(mark),
        )
        for number, (label, value, bar, mark) in enumerate(entries)
    ]
    return Chart(title, axis, _height(rows), [(place(tick), f"{tick:g}") for tick in ticks], rows)


def spans(
    title: str,
    axis: str,
    entries: Sequence[tuple[str, str, float | None, tuple[float, float] | None]],
) -> Chart:
    """Return one mark a row, from -1 to 1, for ``(label, value in words, mark, span)``."""

    def place(value: float) -> float:
        return LEFT + (value + 1) / 2 * (RIGHT - LEFT)

    rows = [
        Row(
            _short(label),
            value,
            number * ROW,
            mark=None if mark is None else place(mark),
            span=None if span is None else (place(span[0]), place(span[1])),
        )
        for number, (label, value, mark, span) in enumerate(entries)
    ]
    ticks = [(place(tick), f"{tick:g}".replace("-", "−")) for tick in (-1, -0.5, 0, 0.5, 1)]
    return Chart(title, axis, _height(rows), ticks, rows, zero=place(0))


def round_ticks(high: float) -> list[float]:
    """Return three to six round numbers from 0 to at least ``high``."""
    power = 10 ** math.floor(math.log10(high))
    step = next(power * each for each in (0.2, 0.5, 1, 2) if high <= power * each * 5)
    return [step * place for place in range(math.ceil(high / step - 1e-9) + 1)]


def _height(rows: Sequence[Row]) -> float:
    return len(rows) * ROW + 44


def _short(label: str) -> str:
    """Return a label that fits, cut between two words where it has any; which part it is stays."""
    if len(label) <= LABEL:
        return label
    text, part = re.fullmatch(r"(.*?)(, part \d+)?", label).groups(default="")
    cut = text[: LABEL - 1 - len(part)]
    return f"{(cut.rpartition(' ')[0] or cut).rstrip(' ,:;')}…{part}"
