"""The evidence table: what others report beside what the recorded experiments of this course say.

``claim``     one row of the table: who claims what, which records speak to it, and two criteria
``readings``  what the findings of several chapters have in common
``table``     all rows as a table that a page shows

Every other module is a chapter's, named by its slug: what we found, and below it ``CLAIMS``, in the
order of the table. ``CHAPTER`` is its number in the book. To add a chapter is to add such a file.

    show(CLAIMS)
"""

import pkgutil
from importlib import import_module
from types import ModuleType

from lrlab.evidence.table import rules, show, summary

__all__ = ["CLAIMS", "chapters", "rules", "show", "summary"]


def chapters() -> list[ModuleType]:
    """Return the chapters' modules, in the order of the book."""
    modules = [import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]
    return sorted(
        (each for each in modules if hasattr(each, "CLAIMS")), key=lambda each: each.CHAPTER
    )


CLAIMS = tuple(claim for chapter in chapters() for claim in chapter.CLAIMS)
