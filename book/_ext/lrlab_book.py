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
- The head of a chapter, with its number (`chapter_head`); the sections of a page, in the list of
  chapters and in a strip (`contents`); the parts of the start page (`start_page`).
- What a page says of itself in its head and its footer (`about`).
- Tables of words: cards on a phone (`tables`).
- From page to practice: a notebook that says what it needs, and the package (`take_along`); the
  chapter's assignment (`assignments`), buttons that open it elsewhere (`launch`).
- The cheat sheet: its table of rates comes from the records (`starting_rates`).
- How large a machine a class needs: the tables come from what was measured (`sizing`).
- Weight: icons are drawn into the pages, and what no page uses of the theme is left out (`light`);
  what a page weighs is printed, and limited (`weights`).
- What a cell's output links to in another chapter is a page here, and a notebook in JupyterLab.
- Widget state, which only a kernel can use, is left out of the pages.
"""

import re

import about
import assignments
import bundle
import cells
import chapter_head
import contents
import launch
import light
import mistakes
import passages
import picture_files
import pictures
import practice
import search_index
import sizing
import start_page
import starting_rates
import tables
import take_along
import terms
import train_images
import weights
from docutils import nodes
from executed import chapters
from latex2mathml.converter import convert
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.config import Config

# A function's name before its argument: ln 10, not ln10, with a space that is copied and found with
# it. One with an index is a part of something.
FUNCTION = re.compile(r"(?<!<msub>)(?<!<msup>)(<mi>[a-z]{2,}</mi>)(?=<m)(?!<mo)")
NOTEBOOK_LINK = re.compile(r'href="(\w+)\.ipynb((?:#[\w-]+)?)"')


def heading_slug(title: str) -> str:
    """Return the anchor of a heading as JupyterLab makes it, so that one link works in both."""
    return title.replace(" ", "-")


def mathml(formula: str, display: str) -> str:
    """Return a formula in MathML; display: inline or block."""
    return FUNCTION.sub("\\1<mtext>\u00a0</mtext>", convert(formula, display=display))


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
        about,
        assignments,
        bundle,
        cells,
        chapter_head,
        contents,
        launch,
        light,
        mistakes,
        passages,
        picture_files,
        pictures,
        practice,
        search_index,
        sizing,
        start_page,
        starting_rates,
        tables,
        take_along,
        terms,
        train_images,
        weights,
    ):
        part.setup(app)
    app.add_html_math_renderer("mathml", (visit_inline_math, None), (visit_block_math, None))
    app.connect("config-inited", use_executed)
    app.connect("env-updated", drop_widget_state)
    app.connect("html-page-context", finish_body)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
