"""The parts of the start page that chapters tell it: where to start, a figure, and the list of chapters.

Three directives for ``intro.md``:

- ``start``: a link to the first chapter; a browser makes it one to where the reader was.
- ``recorded-figure NAME RECORD``: a figure to move, as `lrlab.figures.show` puts it into a chapter.
- ``chapter-list``: a card for each chapter of the table of contents, with its number, its title, the
  question that it opens with and its minutes.
"""

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

from chapter_head import number_of
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from lrlab import figures

CARD = """<li data-chapter="{docname}">
<a href="{docname}.html"><span class="chapter-number">{number}</span> {title}</a>
<p>{question}</p>
<p class="minutes">About {minutes} minutes</p>
</li>"""


@dataclass(frozen=True)
class Opening:
    """How a chapter opens: its title, its question, and the minutes that it takes."""

    title: str
    question: str
    minutes: int

    @classmethod
    def of(cls, notebook: Path) -> "Opening":
        """Return how ``notebook`` opens. Raises ExtensionError when it has not the form of a chapter."""
        text = "".join(json.loads(notebook.read_text("utf-8"))["cells"][0]["source"])
        title = re.match(r"# (.+)", text)
        question = re.search(r"^\*\*(.+\?)\*\*$", text, re.MULTILINE)
        minutes = re.search(r"^About (\d+) minutes\b", text, re.MULTILINE)
        if not (title and question and minutes):
            raise ExtensionError(
                f"{notebook.name}: its first cell has to say the chapter's title, its question in bold, "
                'and "About N minutes": the start page shows them.'
            )
        return cls(title[1], question[1], int(minutes[1]))


class Start(SphinxDirective):
    """A link to the first chapter."""

    def run(self) -> list[nodes.Node]:
        first = self._chapters()[0]
        text = f"Start with chapter {number_of(first)}"
        return [_raw(f'<p class="start"><a href="{first}.html">{text}</a></p>')]

    def _chapters(self) -> list[str]:
        """Return the chapters in the order of the table of contents."""
        pages = self.env.external_site_map.root.subtrees
        return [page for tree in pages for page in tree.items if number_of(page) is not None]


class ChapterList(Start):
    """A card for each chapter."""

    def run(self) -> list[nodes.Node]:
        cards = []
        for docname in self._chapters():
            notebook = Path(self.env.doc2path(docname))
            self.env.note_dependency(str(notebook))
            opening = {k: html.escape(str(v)) for k, v in vars(Opening.of(notebook)).items()}
            cards.append(CARD.format(docname=docname, number=number_of(docname), **opening))
        return [_raw('<ol class="chapter-list">\n{}\n</ol>'.format("\n".join(cards)))]


class RecordedFigure(SphinxDirective):
    """A figure of a recorded run."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        return [_raw(figures.make(*self.arguments).static_html)]


def _raw(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def setup(app) -> None:
    """Register the directives."""
    app.add_directive("start", Start)
    app.add_directive("chapter-list", ChapterList)
    app.add_directive("recorded-figure", RecordedFigure)
