"""The cause of what an answer lacks: from what a kernel left in the cells of a notebook."""

import time

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.grading.causes import MOST, Causes, bound_until
from autograder.judge.verdict import Part, as_text

MISSING = "`{}` does not exist after your notebook has run from top to bottom."
# Each is one notebook: its cells, what the judge says, and what follows that.
NOTEBOOKS = {
    "typographic quotes": (
        ["answer = None\nanswer = “B”"],
        MISSING.format("answer"),
        (
            "Its cell stopped with SyntaxError: invalid character '“' (U+201C), line 2, character 10 "
            '(left double quotation mark): type a plain ".'
        ),
    ),
    "a module that is elsewhere, in the set-up": (
        [
            "from google.colab import drive\nimport math as M",
            "def area(r):\n    return M.pi * r * r",
        ],
        "`area` stopped with an error: NameError: name 'M' is not defined.",
        (
            "The cell that makes `M` stopped with ModuleNotFoundError: No module named 'google', "
            "line 1: `google.colab` is there only in Google Colab; leave it out of what you hand in."
        ),
    ),
    "one cell for want of another": (
        ["import seaborn_x\nlow = 1", "high = low + 1", "ratio = None\nratio = high / 2"],
        "`ratio` has no value yet.",
        (
            "Its cell stopped with NameError: name 'high' is not defined, line 2; the cell that makes "
            "`high` stopped with NameError: name 'low' is not defined, line 1; the cell that makes "
            "`low` stopped with ModuleNotFoundError: No module named 'seaborn_x', line 1."
        ),
    ),
    "a file that was not taken": (
        ["weights = open('data/net.pt')\ndef answer():\n    return weights"],
        MISSING.format("answer"),
        (
            "Its cell stopped with FileNotFoundError: [Errno 2] No such file or directory: "
            "'data/net.pt', line 1; data/net.pt was handed in, but not taken."
        ),
    ),
    "a module that was not taken": (
        ["from mine import *"],
        MISSING.format("answer"),
        (
            "Its cell stopped with ModuleNotFoundError: No module named 'mine', line 1; mine.py was "
            "handed in, but not taken."
        ),
    ),
    "a notebook that is not there": (
        ["%run repair.ipynb"],
        MISSING.format("answer"),
        "Its cell stopped with Exception: File `'repair.ipynb'` not found, line 1.",
    ),
    "a file that a function wants": (
        ["def answer():\n    return open('data/net.pt')"],
        "`answer` stopped with an error: FileNotFoundError: No such file: 'data/net.pt'.",
        "data/net.pt was handed in, but not taken.",
    ),
    "the line that stood for an answer": (
        ["# YOUR CODE HERE\nraise NotImplementedError()\nanswer = 'B'"],
        MISSING.format("answer"),
        (
            "Its cell stopped with NotImplementedError, line 2: that line stood there in place of an "
            "answer; delete it."
        ),
    ),
    "an error before it, in a statement of several lines": (
        ["answer = [\n    1,\n    two,\n]"],
        MISSING.format("answer"),
        "Its cell stopped with NameError: name 'two' is not defined, line 3.",
    ),
    "an error after it": (
        ["answer = 1\nprint(answer_2)"],
        "`answer` is 1. That is not right.",
        "",
    ),
    "a right cell after the broken one": (
        ["answer = (", "answer = 1"],
        "`answer` is 1. That is not right.",
        "",
    ),
    "a broken cell after the right one": (
        ["answer = 1", "answer = 1 /"],
        "`answer` is 1. That is not right.",
        "Its cell stopped with SyntaxError: invalid syntax, line 1.",
    ),
    "cells in another order": (
        ["answer = low", "low = 1"],
        MISSING.format("answer"),
        (
            "Its cell stopped with NameError: name 'low' is not defined, line 1; the cell that makes "
            "`low` stands below the cell that needs it."
        ),
    ),
    "a magic that keeps no name": (
        ["%%timeit -n1 -r1\nanswer = 1"],
        MISSING.format("answer"),
        "Its cell begins with `%%timeit`, so it makes no name.",
    ),
    "a magic that keeps them": (["%%time\nanswer = 1"], "`answer` is 1. Not right.", ""),
    "below a magic": (
        ["%%time\nanswer = two"],
        MISSING.format("answer"),
        "Its cell stopped with NameError: name 'two' is not defined.",
    ),
    "a name in other letters": (
        ["def One_stеp():\n    pass"],
        MISSING.format("one_step"),
        "There is `One_stеp` ('е' is cyrillic small letter ie): give it the name as it stands here.",
    ),
    "a name that nothing makes": (
        ["x = 1"],
        MISSING.format("answer"),
        "No cell of your notebook makes it.",
    ),
    "a name that came from elsewhere": (["from math import *"], MISSING.format("answer"), ""),
    "an instructor's own test of a value": (
        ["ratio = None\nratio = one / two"],
        "The test failed at `assert abs(ratio - 1) < 0.1, 'it should be 1'`: TypeError: None",
        "The cell that makes `ratio` stopped with NameError: name 'one' is not defined, line 2.",
    ),
    "an instructor's own test": (
        ["answer = “B”"],
        "The test failed at `assert answer == 'B'`: NameError: name 'answer' is not defined",
        (
            "The cell that makes `answer` stopped with SyntaxError: invalid character '“' (U+201C), "
            'line 1, character 10 (left double quotation mark): type a plain ".'
        ),
    ),
    "a name of a library": (["x = ("], "`augment` changes the images.", ""),
}


@pytest.fixture(scope="module")
def executed():
    """Run each notebook in a kernel, all in one: their names are kept apart by deleting them."""
    cells = []
    for number, (sources, _, _) in enumerate(NOTEBOOKS.values()):
        cells += [new_code_cell(source, metadata={"of": number}) for source in sources]
        cells.append(new_code_cell("%reset -f", metadata={"of": -1}))
    notebook = new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    return {
        name: [cell for cell in notebook.cells if cell.metadata.of == number]
        for number, name in enumerate(NOTEBOOKS)
    }


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_cause_follows_what_the_judge_says(executed, name):
    _, message, cause = NOTEBOOKS[name]
    assert Causes(executed[name], ["data/net.pt", "mine.py"]).why(message, "")[0] == cause


def test_the_first_of_several_causes_is_what_counts(executed):
    causes = Causes(executed["one cell for want of another"])
    assert causes.why("`ratio` has no value yet.", "")[1] == (
        "A cell stopped with ModuleNotFoundError: No module named 'seaborn_x', line 1."
    )
    assert causes.why("`other` is wrong.", "") == ("", "")


def test_the_cell_above_its_test_is_an_answers_own_whatever_it_says():
    lost = new_output(
        "error", ename="KernelLost", evalue="Its Python process (signal 9)", traceback=[]
    )
    answer = new_code_cell("globals()['answer'] = crash()", outputs=[lost])
    marks = {"grade": True, "solution": False, "grade_id": "item", "points": 1, "locked": True}
    test = new_code_cell("assert answer", metadata={"nbgrader": marks | {"schema_version": 3}})
    causes = Causes([answer, test, new_code_cell("x = 1")])
    assert causes.why(MISSING.format("answer"), "item") == (
        "Its cell ended its Python process (signal 9).",
        "A cell ended its Python process (signal 9).",
    )


def test_a_verdict_tells_the_cause_of_what_lost_points_and_keeps_the_rest(executed):
    cells = executed["typographic quotes"]
    lost = Part(1, 0, MISSING.format("answer"))
    parts = [Part(1, 1, "`answer` is right."), lost, Part(1, 0, "`other` is wrong."), lost]
    verdict = {"points": 1, "max_points": 4, "parts": [vars(each) for each in parts]}
    told = Causes(cells).told("item", verdict | {"text": as_text(1, 4, parts, "by a test")})
    assert [each["message"] for each in told["parts"]][::2] == [
        "`answer` is right.",
        "`other` is wrong.",
    ]
    assert told["parts"][1]["cause"].startswith("A cell stopped with SyntaxError")
    assert [each["cause"] for each in told["parts"]][::2] == ["", ""]
    said = told["parts"][1]["message"]
    assert said.startswith(f"{lost.message} Its cell stopped with SyntaxError")
    assert told["text"] == as_text(
        1, 4, [parts[0], Part(1, 0, said), parts[2], Part(1, 0, said)], "by a test"
    )
    assert verdict["parts"][1]["message"] == lost.message


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1", 1),
        ("\n  x: int = 1", 2),
        ("x += 1", 1),
        ("a, (x, b) = f()", 1),
        ("[x, y] = f()", 1),
        ("a = 1; x = 2", 1),
        ("%time x = f()", 1),
        ("def x():\n    y = 1\n\n    return y\n\nz = 1", 5),
        ("async def x(): pass", 1),
        ("class x:\n    y = 1", 2),
        ("import a.b as x", 1),
        ("from a import b, x", 1),
        ("from a import (\n    b,\n    x,\n)\ny = 1", 4),
        ("for x in y:\n    pass\nz", 2),
        ("for i, x in y: pass", 1),
        ("with a as x: pass", 1),
        ("if (x := 1): pass", 1),
        ("x = 1\ny = 2\nx = [\n    3,\n]\nz = 4", 5),
        ("x = “B”", 1),
        ("print(x)", 0),
        ("f(x=1)", 0),
        ("x == 1", 0),
        ("x <= 1", 0),
        ("y.x = 1", 0),
        ("xx = 1", 0),
        ("y = x", 0),
    ],
)
def test_where_a_name_is_bound(source, line):
    assert bound_until(source, "x") == line


@pytest.mark.parametrize("text", ["a, ", "from a (\n", ";a,)", "for a, ", "a\n", "as(", "[a,"])
@pytest.mark.parametrize("size", [1_000, MOST // 2])
def test_a_notebook_made_to_be_slow_is_not(text, size):
    stopped = new_output("error", ename="NameError", evalue="name 'a' is not defined", traceback=[])
    source = text * (size // len(text))
    cells = [new_code_cell(source, outputs=[stopped]) for _ in range(MOST // size)]
    causes = Causes(cells, [f"{number}.csv" for number in range(20_000)])
    began = time.process_time()
    causes.why("`a` `b` `c` `d` does not exist: name 'a' is not defined", "")
    assert time.process_time() - began < 5


def test_a_circle_of_names_comes_to_an_end():
    cells = [
        new_code_cell(
            f"{name} = {other}",
            outputs=[
                new_output(
                    "error",
                    ename="NameError",
                    evalue=f"name '{other}' is not defined",
                    traceback=[],
                )
            ],
        )
        for name, other in ("ab", "ba", "ab", "ba", "ab", "ba", "ab", "ba")
    ]
    assert len(Causes(cells).why("`b` does not exist.", "")[0]) < 1_000
