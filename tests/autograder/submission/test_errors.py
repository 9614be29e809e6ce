"""The error of a cell in a student's words: what it says about each, and that it stays harmless."""

import time

import pytest
from nbformat.v4 import new_code_cell, new_output

from autograder.submission import errors
from autograder.submission.errors import Stop, in_words, one_line, stop_of


def compiled(source: str) -> str:
    """Return what is said about a cell that this Python cannot compile."""
    with pytest.raises(SyntaxError) as caught:
        compile(source, "1234567.py", "exec")
    name = type(caught.value).__name__
    return in_words(stop_of(broken(source, name, str(caught.value))), source)


def broken(source: str, name: str, text: str, *traceback: str):
    return new_code_cell(
        source, outputs=[new_output("error", ename=name, evalue=text, traceback=list(traceback))]
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "x = None\nx = “B”",
            "stopped with SyntaxError: invalid character '“' (U+201C), line 2, character 5 (left "
            + 'double quotation mark): type a plain "',
        ),
        ("x = ‘B’", "character 5 (left single quotation mark): type a plain '"),
        ("x = «B»", 'type a plain "'),
        ("x = 3 – 2", "(U+2013), line 1, character 7 (en dash): type a plain -"),
        ("x = 3 − 2", "(minus sign): type a plain -"),
        ("x = 3 × 2", "(multiplication sign): type a plain *"),
        ("f（1)", "(fullwidth left parenthesis): type a plain ("),
        ("x = 1，2", "line 1, character 6 (fullwidth comma): type a plain ,"),
        ("x = 1_，2", "line 1, character 7 (fullwidth comma): type a plain ,"),
        (
            "x\N{NO-BREAK SPACE}= 1",
            "character U+00A0, line 1, character 2 (no-break space): type an ordinary space",
        ),
        ("x =\N{EM SPACE}1", "(em space): type an ordinary space"),
        ("\N{ZERO WIDTH SPACE}x = 1", "(zero width space): delete it, though it is not to be seen"),
        ("x =\ufeff1", "delete it"),
        ("x = 3 €", "(euro sign): Python has no use for it"),
        ("x = 1\n  y = 2", "stopped with IndentationError: unexpected indent, line 2"),
        ('print "a"', "Missing parentheses in call to 'print'. Did you mean print(...)?, line 1"),
        ("def f(:\n  pass", "stopped with SyntaxError: invalid syntax, line 1"),
    ],
)
def test_what_python_cannot_read(source, said):
    assert said in compiled(source)


def test_nothing_is_said_of_a_newer_python_where_no_python_could_read_it():
    assert "from Python" not in compiled("x = (1,\ny = 2")
    assert "from Python" not in compiled("type X = int\ny = = 2")


@pytest.mark.parametrize(
    ("source", "added"),
    [
        ('log = {}\nprint(f"last {log["last"]:.3f}")', "3.12"),
        ("%time x = 1\n!ls\ntype Rate = float", "3.12"),
        ("def first[T](many: list[T]) -> T:\n    return many[0]", "3.12"),
        ('x = t"{rate}"', "3.14"),
    ],
)
def test_a_syntax_of_a_newer_python_is_named(source, added, monkeypatch):
    monkeypatch.setattr("autograder.submission.errors.PYTHON", ("3", "11"))
    said = in_words(Stop("SyntaxError", "invalid syntax", 1), source)
    assert said.endswith(f"line 1: this works from Python {added} on; the grader has 3.11")


@pytest.mark.parametrize(
    ("source", "name", "text", "said"),
    [
        (
            "from google.colab import drive",
            "ModuleNotFoundError",
            "No module named 'google'",
            "No module named 'google', line 1: `google.colab` is there only in Google Colab; leave",
        ),
        ("import seaborn", "ModuleNotFoundError", "No module named 'seaborn'", "'seaborn', line 1"),
        (
            "from lrlab import nothing",
            "ImportError",
            "cannot import name 'nothing' from 'lrlab' (/home/x/lrlab/__init__.py)",
            "stopped with ImportError: cannot import name 'nothing' from 'lrlab', line 1",
        ),
        (
            "raise NotImplementedError()",
            "NotImplementedError",
            "",
            "stopped with NotImplementedError, line 1: that line stood there in place of an answer",
        ),
        ("answer = B", "NameError", "name 'B' is not defined", "line 1: a letter needs quotes"),
        (
            "print(optіm)",
            "NameError",
            "name 'optіm' is not defined",
            "line 1 ('і' is cyrillic small letter byelorussian-ukrainian i)",
        ),
        ("input()", "StdinNotImplementedError", "no input.", "no input, line 1: nobody answers"),
        (
            "f()",
            "KernelLost",
            "The cell x ended its Python process (signal 9); the others ran in a new one.",
            "ended its Python process (signal 9)",
        ),
    ],
)
def test_what_stops_a_cell(source, name, text, said):
    frame = "Cell \x1b[32mIn[7]\x1b[39m\x1b[32m, line 1\x1b[39m", "Cell In[3], line 9"
    assert said in in_words(stop_of(broken(source, name, text, *frame)), source)


LONGER = "ran longer than 60 seconds"


def test_the_time_limit_is_named_and_not_the_interrupt():
    cell = broken("x = f()\ny = 1", "KeyboardInterrupt", "", "Cell In[1], line 1")
    cell.outputs.append(new_output("error", ename="CellTimeoutError", evalue=LONGER, traceback=[]))
    stop = stop_of(cell)
    assert stop.line == 1
    assert in_words(stop, cell.source) == f"{LONGER}, and was stopped"
    forged = Stop("CellTimeoutError", f"{LONGER} than anybody", None)
    assert in_words(forged, "") == "ran longer than a cell may, and was stopped"


def test_output_without_end_is_named_and_not_the_interrupt():
    cell = broken("while True: print(1)", "KeyboardInterrupt", "", "Cell In[1], line 1")
    note = new_output("stream", name="stderr", text="... 1,000 more lines are not kept\n")
    cell.outputs.insert(0, note)
    assert in_words(stop_of(cell), cell.source) == "wrote without end, and was stopped"


def test_a_line_below_a_magic_is_not_counted():
    cell = broken("%%time\nx = 1\ny", "NameError", "name 'y' is not defined", "Cell In[1], line 1")
    assert stop_of(cell).line is None


def test_a_cell_that_ran_to_its_end_has_no_error():
    assert stop_of(new_code_cell("x = 1")) is None


@pytest.mark.parametrize(
    "text",
    ["a\nb\r\x1b[31mred\x1b[0m\x07", "\u202eabc", "\ud800", "x" * 10**6, "`" * 500, "\x00"],
)
def test_what_a_process_says_becomes_one_short_plain_line(text):
    said = in_words(stop_of(broken("x", text, text, text)), "x")
    assert said == one_line(said) or len(said) > errors.LONGEST
    assert len(said) < 3 * errors.LONGEST and said.isprintable()


def test_a_source_made_to_be_slow_is_not():
    began = time.monotonic()
    for source in (
        20_000 * "“",
        20_000 * "(",
        3_000 * "f'{",
        "(" * 200_000,
        "-" * 200_000,
        "f'{" * 60_000,
        "“" * 200_000,
        "x\n" * 100_000,
    ):
        in_words(Stop("SyntaxError", "invalid character '“' (U+201C)", 1), source)
        in_words(Stop("SyntaxError", "invalid syntax", 1), source)
    assert time.monotonic() - began < 20
