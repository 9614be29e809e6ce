"""The code behind a figure, to be read below it: the very source that made its records.

It is read as text. A page that shows a record loads neither torch nor the trainer.
"""

import ast
import html
import textwrap
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

import lrlab

PACKAGE = Path(lrlab.__file__).parent


def of(name: str) -> str:
    """Return the source of ``module:function``, or ``module:Class.method``, of lrlab.

    Raises LookupError when there is no such module, or nothing in it has that name.
    """
    module, _, path = name.partition(":")
    file = PACKAGE / f"{module}.py"
    if not file.is_file():
        raise LookupError(f"{name!r}: there is no lrlab/{module}.py")
    text = file.read_text(encoding="utf-8")
    node = ast.parse(text)
    for part in path.split("."):
        found = [each for each in node.body if getattr(each, "name", None) == part]
        if not found:
            raise LookupError(f"{name!r}: lrlab/{module}.py has no {path}")
        (node,) = found
    lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
    return textwrap.dedent("\n".join(lines))


def as_html(names: Sequence[str], runs: Sequence[str]) -> str:
    """Return an element that opens to the source of ``names``, grouped by their modules.

    runs: the names of the records that the figure shows.
    """
    parts = [
        "\n\n\n".join([f"# lrlab/{module}.py", *map(of, group)])
        for module, group in groupby(names, lambda name: name.partition(":")[0])
    ]
    code = highlight("\n\n\n".join(parts), PythonLexer(), HtmlFormatter(nowrap=True))
    command = html.escape(" ".join(["python -m lrlab.runs", *runs]))
    return (
        '<details class="lrlab-code"><summary>Show me the code</summary>'
        f"<p>Recorded by <code>{command}</code>; this is the code of it that matters here.</p>"
        f'<div class="highlight"><pre tabindex="0">{code}</pre></div></details>'
    )
