"""What a short answer means: the one reading of it, for the visible checks and for the judge.

A letter counts in whatever form it is typed, as long as nobody would read another one there: small,
with blanks or quotes around it, of another alphabet. Several letters may stand in a list or in one
text, such as "a, c"; a single letter is no list of letters, and "ac" may be a slip.
"""

import math
import re
import unicodedata
from collections.abc import Collection

import numpy
import torch

# Capitals of other alphabets that look like these letters (Unicode's confusables.txt): Cyrillic, with
# a soft sign for the small b, then Greek.
LOOK_ALIKES = str.maketrans(
    "\u0410\u0412\u0421\u0415\u041d\u0500\u050c\u042c\u0391\u0392\u0395\u0397\u03dc\u03f9",
    "ABCEHDGBABEHFC",
)


def letter(answer: object, options: Collection) -> str | None:
    """Return the one option that ``answer``, a text, names; None when it is anything else."""
    return _matching(answer, options) if isinstance(answer, str) else None


def chosen(answer: object, options: Collection) -> list | None:
    """Return the options that ``answer`` names, in its order; None when it names another, or none.

    answer: a list, tuple or set of letters or numbers, or a text of at least two letters that commas
    or blanks separate. options: capital letters or floats.
    """
    items = re.split(r"[,;\s]+", answer.strip()) if isinstance(answer, str) else answer
    if not isinstance(items, list | tuple | set | frozenset) or items == [answer]:
        return None
    found = [_matching(item, options) for item in items]
    return None if None in found else found or None


def is_number(value: object) -> bool:
    """Return whether ``value`` is a number, or a tensor that holds just one."""
    if isinstance(value, torch.Tensor):
        return value.numel() == 1 and value.dtype != torch.bool
    numbers = int | float | numpy.integer | numpy.floating
    return isinstance(value, numbers) and not isinstance(value, bool)


def _matching(item: object, options: Collection) -> object:
    """Return the option that ``item`` means, or None."""
    for option in options:
        if isinstance(option, str) and isinstance(item, str) and _letters(item) == option:
            return option
        numbers = isinstance(option, float) and isinstance(item, int | float)
        if numbers and math.isclose(item, option):
            return option
    return None


def _letters(text: str) -> str:
    """Return the capitals that ``text`` shows, whatever alphabet they are from.

    Quotes, brackets, marks and blanks do not count, be they visible or not.
    """
    capitals = unicodedata.normalize("NFKC", text).upper().translate(LOOK_ALIKES)
    return "".join(filter(str.isalnum, capitals))
