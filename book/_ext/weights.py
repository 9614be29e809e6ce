"""What the pages weigh: printed at the end of a build, and limited by `book/budget.yml`.

A file weighs what a host sends, which compresses it where that helps, and what it is when unpacked. What
a browser really asks for is weighed in `tests/book/test_budget.py`.
"""

import functools
import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging

START = "intro.html"
LIMITS = yaml.safe_load((Path(__file__).parents[1] / "budget.yml").read_text(encoding="utf-8"))
ASKED = re.compile(
    r'<link rel="(?:stylesheet|icon)"[^>]* href="([^"?]*)|<(?:script|img)[^>]* src="(?!data:)([^"?]*)'
)
FALLBACK = re.compile(r'<div class="lrlab-fallback"[^>]*><img [^>]*>')  # where scripts are off
LAZY = re.compile(r'<img [^>]*loading="lazy"[^>]*>')
COLUMNS = "   first    next   first   whole  page, in KB: compressed twice, then decoded"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Weight:
    """The weight of files in KB of 1,000 bytes: ``compressed`` as they are sent, and ``decoded``."""

    compressed: float
    decoded: float

    def over(self, what: str) -> Iterator[str]:
        """Say where this is more than budget.yml allows for ``what``, a load or a file."""
        for kind, limit in LIMITS[what].items():
            if (weight := getattr(self, kind)) > limit:
                yield f"{what}: {weight:.0f} KB {kind}, and {limit} are allowed"


def weigh(files: Iterable[Path]) -> Weight:
    """Return what files weigh together, each counted once."""
    sizes = [_sizes(path) for path in {*files}]
    return Weight(*(sum(each[kind] for each in sizes) / 1000 for kind in (0, 1)))


@functools.cache
def _sizes(path: Path) -> tuple[int, int]:
    content = path.read_bytes()
    return min(len(gzip.compress(content)), len(content)), len(content)


def loads(page: Path) -> dict[str, set[Path]]:
    """Return the files of each load of a page that budget.yml limits."""
    first = _asked(page, LAZY)
    return {
        "first": first,
        "next": first - _asked(page.with_name(START), LAZY),
        "whole": _asked(page, FALLBACK),
    }


def _asked(page: Path, without: re.Pattern) -> set[Path]:
    """Return a page and what it asks for by itself, as paths."""
    text = without.sub("", page.read_text(encoding="utf-8"))
    return {page, *(page.parent / "".join(names) for names in ASKED.findall(text))}


def table(site: Path) -> tuple[list[str], list[str]]:
    """Return what each page of a built ``site`` weighs, a line each, and what is above its limit."""
    lines, faults = [COLUMNS], []
    for page in sorted({*site.glob("*.html")} - {site / "index.html"}):
        weights = {load: weigh(files) for load, files in loads(page).items()}
        first, following, whole = weights.values()
        numbers = first.compressed, following.compressed, first.decoded, whole.decoded
        lines.append("".join(f"{number:8.0f}" for number in numbers) + f"  {page.name}")
        faults += [f"{page.name}, {each}" for load in weights for each in weights[load].over(load)]
    for name in LIMITS.keys() - weights.keys():
        faults += weigh([site / "_static" / name]).over(name)
    return lines, faults


def report(app: Sphinx, error: Exception | None) -> None:
    """Print what each page weighs; raise ExtensionError where that is more than it may."""
    if error is not None or app.builder.format != "html":
        return
    lines, faults = table(Path(app.outdir))
    logger.info("%s", "\n".join(lines))
    if faults:
        raise ExtensionError("Heavier than book/budget.yml allows:\n" + "\n".join(faults))


def setup(app: Sphinx) -> None:
    """Weigh the pages when they are as they will be served."""
    app.connect("build-finished", report, priority=950)
