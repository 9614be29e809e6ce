"""What the site offers whole, for reading elsewhere: the book as a PDF, and itself as a zip.

Both are made of a site that is built, by commands of their own; its start page has a place for links to
what there is. A new build empties the place and takes away what was made of the one before.
"""

import re
from pathlib import Path

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
PDF = SITE / "downloads" / "learning-rates.pdf"
ZIP = SITE / "downloads" / "learning-rates.zip"
OFFERED = {PDF: "the book as one PDF", ZIP: "the site as a zip, to read without a network"}
PLACE = re.compile(r'<div class="downloads">.*?</div>', re.DOTALL)


def offer(page: Path = SITE / "intro.html") -> None:
    """Link, on the start page, to what there is of the downloads; to none when there is none."""
    links = [
        f'<a href="{path.parent.name}/{path.name}" download>{words}</a>, {size(path)}'
        for path, words in OFFERED.items()
        if path.is_file()
    ]
    line = f"<p>To take along: {' and '.join(links)}.</p>" if links else ""
    place = f'<div class="downloads">{line}</div>'
    text, places = PLACE.subn(place, page.read_text(encoding="utf-8"))
    if places != 1:
        raise ValueError(f'{page} has {places} places <div class="downloads"> for links, not one')
    page.write_text(text, encoding="utf-8")


def size(path: Path) -> str:
    """Return how much is to be loaded, in words."""
    return f"{path.stat().st_size / 1e6:.1f} MB"
