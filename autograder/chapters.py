"""Where in the published book a text's "chapter 1, Code" is, as a link to that section.

Messages and notebooks name chapters in words; nobody writes an address. Where the book is published
is said once, in the course's ``_config.yml``: Jupyter Book's own ``html: baseurl``. Without it, and
in a course that has no such book, words stay words. So does a chapter that the book has not, and a
section that its chapter has not is left out of the link: none is dead.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

CONFIG = "_config.yml"
NUMBER = "[0-9]{1,2}"  # of a chapter
# What no link may be made in: code, lines of HTML, and what is a link already.
KEPT = re.compile(r"(```.*?```|`[^`\n]*`|^ *<[^\n]*|\[[^\]]*\]\([^)]*\))", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A chapter as a page of the site: its address there, and the titles of its sections."""

    name: str
    sections: tuple[str, ...]

    @classmethod
    def of(cls, notebook: Path) -> "Page":
        """Return the page that Jupyter Book makes of ``notebook``.

        Raises ValueError when it is none.
        """
        try:
            cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
            texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise ValueError(f"{notebook} is no notebook to link to: {error!r}") from None
        titles = re.findall(r"^##+ +(.+?) *$", "\n\n".join(texts), re.MULTILINE)
        return cls(f"{notebook.stem}.html", tuple(titles))


@dataclass(frozen=True)
class Chapters:
    """The chapters of a course's book: where it is published, and its pages by their numbers."""

    address: str
    pages: dict[int, Page]

    @classmethod
    def of(cls, course: Path) -> "Chapters":
        """Return the chapters of the course in the folder ``course``; none where none is published.

        Raises ValueError when what stands for the address of the site is none, or a chapter is no
        notebook.
        """
        address = _address(course / CONFIG)
        notebooks = course.glob("book/[0-9][0-9]_*.ipynb") if address else ()
        return cls(address, {int(each.stem.split("_")[0]): Page.of(each) for each in notebooks})

    def html(self, text: str) -> str:
        """Return ``text`` as HTML to stand in an element, with a link for each chapter it names."""
        pieces = ((html.escape(words, quote=False), url) for words, url in self._pieces(text))
        return "".join(
            f'<a href="{html.escape(url)}">{words}</a>' if url else words for words, url in pieces
        )

    def markdown(self, text: str) -> str:
        """Return the Markdown ``text`` with a link for each chapter that its prose names."""
        kept_and_prose = enumerate(KEPT.split(text))
        return "".join(part if odd % 2 else self._prose(part) for odd, part in kept_and_prose)

    def _prose(self, text: str) -> str:
        return "".join(f"[{words}]({url})" if url else words for words, url in self._pieces(text))

    def _pieces(self, text: str) -> Iterator[tuple[str, str | None]]:
        """Yield ``text`` in pieces, each with the address that it shall lead to or None."""
        end = 0
        for mention in self._mentions.finditer(text) if self.pages else ():
            for number in re.finditer(r"([Cc]hapters?\s+)?([0-9]+)", mention["chapters"]):
                page = self.pages.get(int(number[2]))
                if page is None:
                    continue
                start, stop = (mention.start() + each for each in number.span())
                url = f"{self.address}/{page.name}"
                title = " ".join((mention["title"] or "").split())
                if title in page.sections and number[0] == mention["chapters"]:
                    stop, url = mention.end(), f"{url}#{anchor(title)}"
                yield text[end:start], None
                yield text[start:stop], url
                end = stop
        yield text[end:], None

    @cached_property
    def _mentions(self) -> re.Pattern[str]:
        """Find "chapters 6, 8 and 9", and "chapter 1, Code" where a section is called so."""
        titles = sorted({each for page in self.pages.values() for each in page.sections}, key=len)
        title = "|".join(re.escape(each).replace(r"\ ", r"\s+") for each in reversed(titles))
        return re.compile(
            rf"\b(?P<chapters>[Cc]hapter\s+{NUMBER}|[Cc]hapters\s+{NUMBER}"
            rf"(?:(?:,|,?\s+and|\s+or|\s+to)\s+{NUMBER})*)\b"
            rf"(?:,\s+(?P<mark>\*?)(?P<title>{title})(?P=mark)(?!\w))?"
        )


def anchor(title: str) -> str:
    """Return the part of an address behind "#" that Sphinx gives to a section."""
    return re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")


def _address(config: Path) -> str:
    try:
        address = yaml.safe_load(config.read_text(encoding="utf-8"))["html"]["baseurl"] or ""
    except (OSError, ValueError, yaml.YAMLError, LookupError, TypeError):  # another tool's file
        return ""
    if address and not re.match("https?://[^/]", str(address)):
        raise ValueError(
            f"{config}: html, baseurl is {address!r}, which is no address of a site: write it whole, "
            "as https://..., or leave it empty"
        )
    return str(address).rstrip("/")
