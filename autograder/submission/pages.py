"""Markdown for the pages that nbgrader makes: feedback, and what an instructor grades in.

In place of nbconvert's own filter, which leaves HTML as it was written, needs another host's script
for formulas, and minutes for some texts of a few hundred kilobytes.
"""

from contextlib import suppress
from functools import lru_cache
from html import escape

from jinja2 import pass_context
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from autograder.submission.markup import clean_html

LONGEST = 20_000  # characters of Markdown; a longer text is shown as it was typed
LONGEST_FORMULA = 1_000


def markdown_to_html(source: str, pictures: tuple[tuple[str, str, str], ...] = ()) -> str:
    """Return Markdown as HTML that may stand on a page, its formulas as MathML.

    pictures: attached ones, each with its name, its kind, and its content in base64.
    """
    return _html(source, pictures) if len(source) <= LONGEST else f"<pre>{escape(source)}</pre>"


@lru_cache(maxsize=100)  # all students have the same questions
def _html(source: str, pictures: tuple[tuple[str, str, str], ...]) -> str:
    tokens = MARKDOWN.parse(source)
    addresses = {
        f"attachment:{name}": f"data:{kind};base64,{text}" for name, kind, text in pictures
    }
    for token in tokens:
        for image in token.children or ():
            if (address := image.attrs.get("src")) in addresses:
                image.attrs["src"] = addresses[address]
    return clean_html(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))


@pass_context
def markdown2html(context, source: str) -> str:
    """nbconvert's filter of this name, for its templates: ``source`` stands in the context's cell."""
    attached = context.get("cell", {}).get("attachments") or {}
    pictures = [(name, *next(iter(kinds.items()))) for name, kinds in attached.items() if kinds]
    return markdown_to_html(source, tuple(pictures))


def _formula(latex: str, options: dict) -> str:
    shown = f"<code>{escape(latex)}</code>"
    if len(latex) <= LONGEST_FORMULA:
        with suppress(Exception):  # it raises all kinds; a person can still read the source
            shown = convert(latex, display="block" if options["display_mode"] else "inline")
    return shown


def _coloured(code: str, language: str, _attributes: str) -> str:
    try:
        lexer = get_lexer_by_name(language or "text")
    except ClassNotFound:
        return ""
    return f'<pre class="highlight">{highlight(code, lexer, HtmlFormatter(nowrap=True))}</pre>'


MARKDOWN = (
    MarkdownIt("commonmark", {"html": True, "highlight": _coloured})
    .enable(["table", "strikethrough"])
    .disable("reference")  # it takes the square of what a list of them has
    .use(dollarmath_plugin, renderer=_formula, allow_digits=False)
)
