"""The evidence table: what others report beside what the recorded experiments of this course say.

``claim``     one row of the table: who claims what, which records speak to it, and two criteria
``readings``  what the findings of several chapters have in common
``table``     rows as a table that a page shows

Every other module is a chapter's, named by its slug: what we found, and below it ``CLAIMS``, in the
order of the table. ``CHAPTER`` is its number in the book. To add a chapter is to add such a file.
A chapter shows its own rows, and the evidence page those of all, so that the two cannot disagree::

    evidence.show(evidence.of(6))
"""

import pkgutil
from importlib import import_module
from types import ModuleType

from lrlab.evidence.claim import Claim
from lrlab.evidence.table import show, summary

__all__ = ["CLAIMS", "caption", "chapters", "of", "show", "summary"]


def chapters() -> list[ModuleType]:
    """Return the chapters' modules, in the order of the book."""
    modules = [import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]
    return sorted(
        (each for each in modules if hasattr(each, "CLAIMS")), key=lambda each: each.CHAPTER
    )


def of(number: int) -> tuple[Claim, ...]:
    """Return the claims of one chapter. Raises ValueError where no chapter has that number."""
    modules = {each.CHAPTER: each for each in chapters()}
    if number not in modules:
        raise ValueError(f"no evidence belongs to a chapter {number}: choose one of {[*modules]}")
    return modules[number].CLAIMS


def caption(chapter: ModuleType) -> str:
    """Return, in Markdown, which chapter its claims belong to, with a link, and what they are about."""
    slug = chapter.__name__.rsplit(".", 1)[1]
    number, subject = chapter.__doc__.splitlines()[0].removesuffix(".").split(": ", 1)
    return f"[{number}]({chapter.CHAPTER:02}_{slug}.ipynb#Evidence): {subject}"


CLAIMS = tuple(claim for chapter in chapters() for claim in chapter.CLAIMS)
