"""The error that stopped a cell, in the words of whoever wrote the cell: what, where, what to do.

Everything here reads what a student's process sent. A text from there becomes one plain line of
bounded length; the cell's source is never run, nor parsed in this process.
"""

import json
import platform
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from ruff import find_ruff_bin

LONGEST = 200  # characters of an error's text
SYNTAX = {"SyntaxError", "IndentationError", "TabError"}
# What stopped it was no mistake of Python's: what grading notes, and what it sends.
OURS = {
    "CellTimeoutError": "ran longer than a cell may, and was stopped",
    "KeyboardInterrupt": "was interrupted",
    "KernelLost": "ended its Python process",
    "TooMuchOutput": "wrote without end, and was stopped",
}
# Python ends such a text with where; and a text about an import with a path of this machine.
PLACE = re.compile(r" \([^()\n]*, line (\d+)\)$")
PATH = re.compile(r" \(/[^()\n]*\)$")
FRAME = re.compile(r"Cell In\[\d+\], line (\d{1,6})")
LONGER = re.compile(r"^ran longer than \d+ seconds$")
HOW = re.compile(r"(?<=process) \([^()]*\)")
UNDEFINED = re.compile(r"^name '(\w+)' is not defined")
CODE_POINT = re.compile(r"\bU\+([0-9A-F]{4,6})\b")
WRONG_NUMBER = re.compile(r"invalid \w+ literal$")
AFTER_NUMBER = re.compile(r"[0-9A-Fa-f_]([^\w\x00-\x7f])")
# What looks like a mark of Python's and has no such name in Unicode.
PLAIN = {"´": "'", "′": "'", "−": "-", "×": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!="}
ELSEWHERE = {"google.colab": "Google Colab", "kaggle_secrets": "Kaggle"}
PYTHON = platform.python_version_tuple()[:2]  # of the grader, and of the sandbox
LONGEST_CELL = 20_000  # characters; ruff can be made to take seconds over a longer one
AS_JSON = ("--output-format=json", "--stdin-filename=cell.ipynb", "-")
NEWER = re.compile(r"syntax was added in Python (\d+\.\d+)")


@dataclass(frozen=True)
class Stop:
    """What stopped a cell: the error's name, its text, and the line of the cell, if it is known."""

    name: str
    text: str
    line: int | None

    @property
    def while_running(self) -> bool:
        """Whether the lines before it have run."""
        return self.name not in SYNTAX


def stop_of(cell: NotebookNode) -> Stop | None:
    """Return what stopped a cell that has run, or None when it ran to its end."""
    errors = [output for output in cell.get("outputs", ()) if output.output_type == "error"]
    if not errors:
        return None
    name, text = one_line(errors[-1].ename), one_line(errors[-1].evalue)
    if name == "KeyboardInterrupt" and any(map(_is_cut, cell.outputs)):
        name = "TooMuchOutput"
    if name in SYNTAX:
        place = PLACE.search(text)
        return Stop(name, PLACE.sub("", text), int(place[1]) if place else None)
    # Of a cell that was interrupted the first error says where, and the last one why.
    shown = FRAME.search(strip_ansi("\n".join(line for each in errors for line in each.traceback)))
    of_magic = cell.source.startswith("%%")  # the lines below it are counted anew, if at all
    return Stop(name, PATH.sub("", text), int(shown[1]) if shown and not of_magic else None)


def _is_cut(output: NotebookNode) -> bool:
    return output.output_type == "stream" and output.text.endswith(" not kept\n")


def in_words(stop: Stop, source: str) -> str:
    """Return what follows "its cell": how it was stopped, at which line, and what to do."""
    if stop.name in OURS:
        how, longer = HOW.search(stop.text), LONGER.search(stop.text)
        said = f"{longer[0]}, and was stopped" if longer else OURS[stop.name]
        return said + (how[0] if how else "")
    said = f"stopped with {stop.name}" + (f": {stop.text.rstrip('.')}" if stop.text else "")
    if stop.line:
        said += f", line {stop.line}"
    if stop.name in SYNTAX:
        return said + (_look_alike(stop, source) or _newer(source))
    return said + _advice(stop, source)


def odd_letters(name: str) -> str:
    """Return what in a name only looks like a plain letter, in brackets, or nothing."""
    odd = [f"'{each}' is {_called(each)}" for each in dict.fromkeys(name) if not each.isascii()]
    return f" ({', '.join(odd[:3])})" if odd else ""


def one_line(value: object, longest: int = LONGEST) -> str:
    """Return a text that a process sent as one line that prints as it reads."""
    line = " ".join(strip_ansi(str(value)[: 10 * longest]).split())
    shown = "".join("\ufffd" if unicodedata.category(each)[0] == "C" else each for each in line)
    return shown if len(shown) <= longest else shown[:longest] + "..."


def _look_alike(stop: Stop, source: str) -> str:
    """Return where the character stands that Python cannot read, and what to type instead."""
    line = "".join(source.split("\n")[stop.line - 1 : stop.line]) if stop.line else ""
    odd = _unreadable(stop.text, line)
    column = line.find(odd) + 1
    where = f", character {column}" if column else ""
    return f"{where} ({_called(odd)}): {_instead(odd)}" if odd and stop.line else ""


def _unreadable(text: str, line: str) -> str:
    """Return the character of a line that Python says it cannot read, or none."""
    if code_point := CODE_POINT.search(text):
        number = int(code_point[1], 16)
        return chr(number) if number <= sys.maxunicode else ""
    # Of one right after a number, Python 3.11.2 says only that the number is wrong.
    after = AFTER_NUMBER.search(line) if WRONG_NUMBER.match(text) else None
    return after[1] if after else ""


def _called(character: str) -> str:
    return unicodedata.name(character, "a character without a name").lower()


def _instead(odd: str) -> str:
    """Return what to do about a character that only looks like one of Python's."""
    plain, name = PLAIN.get(odd) or unicodedata.normalize("NFKC", odd).strip(), _called(odd)
    if unicodedata.category(odd) == "Zs":
        return "type an ordinary space"
    if unicodedata.category(odd)[0] == "C":
        return "delete it, though it is not to be seen"
    if "quotation mark" in name:
        plain = '"' if "double" in name else "'"
    elif unicodedata.category(odd) == "Pd":
        plain = "-"
    return f"type a plain {plain}" if plain and plain.isascii() else "Python has no use for it"


def _newer(source: str) -> str:
    """Return from which Python on the syntax of a cell is right, when it is one after ours."""
    if len(source) > LONGEST_CELL:
        return ""
    # As a notebook: ruff knows the lines in it that are IPython's.
    cell = json.dumps(new_notebook(cells=[new_code_cell(source)]))
    options = f"--isolated --no-cache --select=E902 --target-version=py{''.join(PYTHON)}"
    try:
        done = subprocess.run(
            [find_ruff_bin(), "check", *options.split(), *AS_JSON],
            input=cell.encode("utf-8", "replace"),
            capture_output=True,
            timeout=60,
            check=False,
        )
        found = [each["message"] for each in json.loads(done.stdout)]
    except (subprocess.TimeoutExpired, ValueError):
        return ""
    added = [NEWER.search(message) for message in found]
    if not added or None in added:  # something in it is wrong in any Python
        return ""
    first = max((each[1] for each in added), key=lambda version: int(version.split(".")[1]))
    return f": this works from Python {first} on; the grader has {'.'.join(PYTHON)}"


def _advice(stop: Stop, source: str) -> str:
    if stop.name == "ModuleNotFoundError":
        for module, place in ELSEWHERE.items():
            if f"'{module.split('.')[0]}" in stop.text and module in source:
                return f": `{module}` is there only in {place}; leave it out of what you hand in"
    if stop.name == "NameError" and (undefined := UNDEFINED.search(stop.text)):
        letter = re.fullmatch("[A-H]", undefined[1])
        return ": a letter needs quotes" if letter else odd_letters(undefined[1])
    if stop.name == "NotImplementedError" and "raise NotImplementedError" in source:
        return ": that line stood there in place of an answer; delete it"
    if stop.name == "StdinNotImplementedError":
        return ": nobody answers `input()` when your work is graded"
    return ""
