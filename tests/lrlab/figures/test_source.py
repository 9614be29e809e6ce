"""The code below a figure is that of the library, letter for letter."""

import html
import importlib
import inspect
import re
import textwrap
from functools import reduce

import pytest

from lrlab.figures import source

FIGURES = (
    "case_curves",
    "first_step",
    "optimizer_us",
    "plateau",
    "schedule_builder",
    "u_curve",
)


def read(shown: str) -> str:
    """Return the code in an element as a reader copies it."""
    return html.unescape(re.sub("<[^>]+>", "", re.search("<pre.*?</pre>", shown, re.DOTALL)[0]))


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_shows_the_code_that_python_runs(name):
    code = importlib.import_module(f"lrlab.figures.{name}").CODE
    shown = read(source.as_html(code, ["a_run", "another"]))
    for each in code:
        module, path = each.split(":")
        imported = importlib.import_module("lrlab." + module.replace("/", "."))
        running = reduce(getattr, path.split("."), imported)
        assert textwrap.dedent(inspect.getsource(running)).strip() in shown
        assert f"# lrlab/{module}.py\n" in shown


def test_the_command_that_records_is_named():
    shown = source.as_html(["plateau:fraction"], ["a_run", "another"])
    assert "<code>python -m lrlab.runs a_run another</code>" in shown


@pytest.mark.parametrize("name", ["nowhere:fit", "training:nothing", "training:History.nothing"])
def test_what_is_not_there_is_refused(name):
    with pytest.raises(LookupError, match=re.escape(name)):
        source.of(name)
