"""The sections of a page: below its title in the list of chapters, and in the strip of a chapter.

The theme lists pages only. Here the contents of a page stay in sight while one reads, and the margin is
free. On a narrow screen, where the list is behind a button, the strip at the top takes their place: the
first paragraph of links within the page, which reads "Jump to: ..." in JupyterLab.
"""

import html
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx

AFTER_THE_THEME = 900  # which makes the list of chapters at 500, Sphinx's default


def sections(toc: nodes.bullet_list) -> Iterator[tuple[str, str]]:
    """Yield the address and the title of each section of a page, from Sphinx's contents of it."""
    below = toc.next_node(nodes.bullet_list)  # the title of the page
    for section in below or ():
        link = section.next_node(nodes.reference)
        if link is not None:  # what is left is the table of contents of the book
            yield link["anchorname"], link.astext()


def add_contents(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Let the list of chapters that the template asks for hold the sections of the page."""
    chapters = context["generate_toctree_html"]
    listed = "".join(
        f'<li><a href="{html.escape(address)}">{html.escape(title)}</a></li>'
        for address, title in (sections(app.env.tocs[page]) if doctree else ())
    )

    def with_contents(**options) -> str:
        soup = BeautifulSoup(str(chapters(**options)), "html.parser")
        here = soup.select_one("a.current")
        if here and listed:
            contents = f'<ul class="contents" aria-label="Sections of this page">{listed}</ul>'
            here.insert_after(BeautifulSoup(contents, "html.parser"))
        return str(soup)

    context["generate_toctree_html"] = with_contents


class mode_strip(nodes.General, nodes.Element):
    """The links to the sections of a chapter."""


def mark_strip(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn the first paragraph of links within the page (`Jump to: ...`) into a `mode_strip`."""
    for paragraph in doctree.findall(nodes.paragraph):
        links = list(paragraph.findall(nodes.reference))
        rest = paragraph.astext()
        for link in links:
            rest = rest.replace(link.astext(), "", 1)
        in_page = len(links) > 2 and all("refid" in link for link in links)
        if in_page and re.fullmatch(r"([\w ]+:)?[\s·|]*", rest):
            paragraph.replace_self(mode_strip("", *(link.deepcopy() for link in links)))
            return


def visit_strip(translator, node: mode_strip) -> None:
    links = (
        f'<a href="#{link["refid"]}">{translator.encode(link.astext())}</a>'
        for link in node.findall(nodes.reference)
    )
    translator.body.append(
        f'<nav class="mode-strip" aria-label="Sections of this chapter">{"".join(links)}</nav>'
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register both."""
    app.add_node(mode_strip, html=(visit_strip, None))
    app.connect("doctree-resolved", mark_strip)
    app.connect("html-page-context", add_contents, priority=AFTER_THE_THEME)
