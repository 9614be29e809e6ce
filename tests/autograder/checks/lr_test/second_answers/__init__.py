"""The answers of the ten-question test once more, one module a chapter.

``NUMBERS``        the right number as a formula of the drawn values, not a run of PyTorch or lrlab
``RIGHT_OPTIONS``  of a question with options, those that are right for some of the values
"""

from importlib import import_module
from pathlib import Path

NUMBERS: dict = {}
RIGHT_OPTIONS: dict = {}
for _path in sorted(Path(__file__).parent.glob("chapter_*.py")):
    _chapter = import_module(f"{__name__}.{_path.stem}")
    NUMBERS |= _chapter.NUMBERS
    RIGHT_OPTIONS |= getattr(_chapter, "RIGHT_OPTIONS", {})
