"""The Sphinx extension of the book: what the static site needs beyond Jupyter Book.

- Executed chapters: taken from where nbval's run kept them (`executed`).
- Quizzes and figures: one script starts them, one sheet dresses them (`bundle`).
- Math: written as MathML while the book is built, so that no script and no CDN is needed.
- Code cells: folded under words that say what opens, results with a badge (`cells`).
- Pictures: each has words that say what it shows, else the build stops (`pictures`), and is a
  file that is loaded when it comes near the screen (`picture_files`).
- The digits on which a page trains (`train_images`).
- Passages: what a bold sentence opens has an anchor (`passages`); the mistakes of all chapters are one
  table (`mistakes`), words are explained where a chapter mentions them first (`terms`), and the
  search has its index (`search_index`).
- Practice: the questions of all chapters, on the page that asks those that are due (`practice`).
- The strip of links at the top of a chapter becomes a navigation landmark.
- What a cell's output links to in another chapter is a page here, and a notebook in JupyterLab.
- Widget state, which only a kernel can use, is left out of the pages.
"""

import re

import bundle
import cells
import mistakes
import passages
import picture_files
import pictures
import practice
import search_index
import terms
import train_images
from docutils import nodes
from executed import chapters
from latex2mathml.converter import convert
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.config import Config

# A function's name before its argument: ln 10, not ln10. One with an index is a part of something.
FUNCTION = re.compile(r"(?<!<msub>)(?<!<msup>)(<mi>[a-z]{2,}</mi>)(?=<m)(?!<mo)")
NOTEBOOK_LINK = re.compile(r'href="(\w+)\.ipynb((?:#[\w-]+)?)"')


def heading_slug(title: str) -> str:
    """Return the anchor of a heading as JupyterLab makes it, so that one link works in both."""
    return title.replace(" ", "-")


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


def mathml(formula: str, display: str) -> str:
    """Return a formula in MathML; display: inline or block."""
    return FUNCTION.sub(r'\1<mspace width="0.17em"/>', convert(formula, display=display))


def visit_inline_math(translator, node: nodes.math) -> None:
    translator.body.append(mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def visit_block_math(translator, node: nodes.math_block) -> None:
    anchor = f' id="{node["ids"][0]}"' if node["ids"] else ""
    number = f'<span class="eqno">({node["number"]})</span>' if node.get("number") else ""
    formula = mathml(node.astext(), "block")
    translator.body.append(f'<div class="math-block" tabindex="0"{anchor}>{number}{formula}</div>')
    raise nodes.SkipNode


def drop_widget_state(app: Sphinx, env) -> None:
    """Leave out the state of live widgets: a page without a kernel shows their HTML instead."""
    for docname in env.found_docs:
        NbMetadataCollector.get_js_files(env, docname).pop("ipywidgets_state", None)


def finish_body(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Make of a page what neither docutils nor MyST-NB makes of it.

    The entries of a reference list get the role of a list's entries; and a link to a section of a
    notebook, in the output of a cell, becomes one to the page.
    """
    if "body" in context:
        body = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')
        context["body"] = NOTEBOOK_LINK.sub(
            lambda link: f'href="{link[1]}.html{link[2].lower()}"', body
        )


def use_executed(app: Sphinx, config: Config) -> None:
    """Tell MyST-NB where the executed chapters are."""
    config.nb_execution_cache_path = str(chapters().path)


def setup(app: Sphinx) -> dict:
    """Register everything; Sphinx calls this."""
    for part in (
        bundle,
        cells,
        mistakes,
        passages,
        picture_files,
        pictures,
        practice,
        search_index,
        terms,
        train_images,
    ):
        part.setup(app)
    app.add_node(mode_strip, html=(visit_strip, None))
    app.add_html_math_renderer("mathml", (visit_inline_math, None), (visit_block_math, None))
    app.connect("config-inited", use_executed)
    app.connect("doctree-resolved", mark_strip)
    app.connect("env-updated", drop_widget_state)
    app.connect("html-page-context", finish_body)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
