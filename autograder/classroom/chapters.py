"""The notebooks that students may have and work in: the book's pages that are notebooks."""

from pathlib import Path

import yaml

COURSE = Path(__file__).resolve().parents[2]


def pages() -> list[str]:
    """Return the book's pages that are notebooks, as files' names, in the order of its contents."""
    contents = yaml.safe_load((COURSE / "book" / "_toc.yml").read_text(encoding="utf-8"))
    names = [f"{each['file']}.ipynb" for each in contents["chapters"]]
    return [name for name in names if (COURSE / "book" / name).is_file()]
