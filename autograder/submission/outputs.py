"""What a student's process wrote, made fit to be stored and shown.

A kernel may send anything as an output. Text, pictures, Markdown and formulas are kept, of HTML and
SVG what a person would see (``markup``, ``drawings``); scripts, widgets and every other kind are not:
a page with feedback must not run what a student wrote. ``grading.cell_outputs`` bounds how much of
it there is.
"""

import base64
import binascii
import json
import re

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.submission import pages
from autograder.submission.drawings import drawing
from autograder.submission.markup import seen_html

PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
DRAWING, HTML, MARKDOWN = "image/svg+xml", "text/html", "text/markdown"
LATEX = "text/latex"
NAMELESS = re.compile(r"<IPython\.(?:core|lib)\.display\.(\w+) ")  # all that such a text says
NOT_SHOWN = ": not shown here)"


def clean(notebook: NotebookNode, metadata: NotebookNode) -> None:
    """Keep only plain outputs in ``notebook``, number its cells, and give it ``metadata`` back."""
    notebook.metadata = metadata
    count = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        ran = cell.get("execution_count") is not None
        count += ran
        cell.execution_count = count if ran else None
        kept = map(plain, cell.get("outputs", []))
        cell.outputs = [output for output in kept if output is not None and _made_harmless(output)]
        for output in cell.outputs:
            if output.output_type == "execute_result":  # a number might count as points
                output.output_type = "display_data"
                del output["execution_count"]


def plain(output: dict) -> NotebookNode | None:
    """Return an output built anew from what may be kept of ``output``; None when nothing may.

    HTML and SVG in it are still as they came: cleaning takes time, and most of what a cell sends is
    replaced by what it sends later.
    """
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        lines = [_text(line) for line in lines] if isinstance(lines, list) else []
        ename, evalue = _text(output.get("ename")), _text(output.get("evalue"))
        return new_output("error", ename=ename, evalue=evalue, traceback=lines)
    data = output.get("data")
    if not isinstance(data, dict):
        return None
    kept = pictures(data)
    if DRAWING in data:
        kept[DRAWING] = _text(data[DRAWING])
    text = _text(data["text/plain"]) if "text/plain" in data else ""
    name = NAMELESS.match(text)
    markup = next((mime for mime in (MARKDOWN, HTML, LATEX) if mime in data), None)
    source = _text(data[markup]) if markup else ""
    if name:
        readable = source if markup in (MARKDOWN, LATEX) else _json(data.get("application/json"))
        text = readable or f"({name[1]}{NOT_SHOWN}"
    if markup and not kept:  # a browser would show it in place of a picture
        if markup == HTML:
            kept[HTML] = source
        elif len(source) <= pages.LONGEST:
            kept[MARKDOWN] = source  # where formulas are read, too
    if text:
        kept["text/plain"] = text
    if not kept:
        return None
    if kind == "execute_result":
        count = output.get("execution_count")
        return new_output(kind, data=kept, execution_count=count if type(count) is int else None)
    return new_output("display_data", data=kept)


def _made_harmless(output: NotebookNode) -> bool:
    """Clean what would do something in a browser; return whether anything is left to be seen."""
    data = output.get("data")
    if data is None:
        return True
    for mime, cleaned in ((DRAWING, drawing), (HTML, seen_html)):
        if mime in data:
            content = cleaned(data.pop(mime))
            data |= {mime: content} if content else {}
    if len(data) > 1 and data.get("text/plain", "").endswith(NOT_SHOWN):
        del data["text/plain"]
    return bool(data)


def pictures(data: dict) -> dict[str, str]:
    """Return what is a picture in ``data``, which has one value for each kind of content."""
    return {mime: data[mime] for mime in PICTURES if _is_picture(data.get(mime), mime)}


def shown_text(text: str) -> str:
    """Return what a terminal shows of ``text``; a carriage return at its very end still waits."""
    if "\r" not in text and "\b" not in text:
        return text
    *lines, last = text.split("\n")
    waits = "\r" if last.endswith("\r") else ""
    return "\n".join([*map(_shown_line, lines), _shown_line(last) + waits])


def _shown_line(line: str) -> str:
    line = line.rstrip("\r").rpartition("\r")[2]
    if "\b" not in line:
        return line
    kept: list[str] = []
    for letter in line:
        if letter != "\b":
            kept.append(letter)
        elif kept:
            kept.pop()
    return "".join(kept)


def cut(text: str, most: int) -> str:
    """Return ``text`` with at most about ``most`` characters of its beginning and end."""
    lost = len(text) - most
    if lost <= 0:
        return text
    half = most // 2
    return f"{text[:half]}\n... {lost:,} more characters are not kept ...\n{text[-half:]}"


def _json(value: object) -> str:
    """Return what was displayed as JSON as text, or nothing."""
    try:
        return json.dumps(value, indent=2) if isinstance(value, dict | list) else ""
    except RecursionError:
        return ""


def _text(value: object) -> str:
    """Return ``value`` as text that can be written to a file."""
    if isinstance(value, list):
        value = "".join(piece for piece in value if isinstance(piece, str))
    text = value if isinstance(value, str) else str(type(value).__name__)
    return text.encode("utf-8", "replace").decode()


def _is_picture(value: object, mime: str) -> bool:
    """Return whether ``value`` is a picture of this kind in base64."""
    if not isinstance(value, str):
        return False
    try:
        content = base64.b64decode(value.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return content.startswith(PICTURES[mime])
