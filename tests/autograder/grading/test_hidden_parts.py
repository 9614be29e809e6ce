"""Which earlier tests must run first, so that a name that only a hidden part defines is there."""

from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.grading.hidden_parts import needed_before


def needed(*cells, **tests):
    """Return what each test needs; ``cells`` are texts, or names of tests, whose release is empty."""
    notebook = [
        new_code_cell("", metadata={"nbgrader": {"grade_id": each}})
        if each in tests
        else new_code_cell(each)
        for each in cells
    ]
    return needed_before([new_markdown_cell("# Text"), *notebook], tests)


def test_a_test_that_needs_nothing_runs_alone():
    assert needed("x = 1", "a", "b", a="assert x", b="assert x == 1") == {"a": [], "b": []}


def test_what_defines_a_name_runs_first_and_what_that_needs():
    tests = {
        "a": "import math\nscale = 2",
        "b": "def near(x):\n    return math.isclose(x, scale)",
        "c": "for case in range(3):\n    pass",
        "d": "assert near(2) and case == 2",
    }
    before = needed("a", "b", "c", "d", **tests)
    assert before["b"] == [tests["a"]]
    assert before["d"] == [tests["a"], tests["b"], tests["c"]]


def test_the_last_one_to_define_a_name_counts_as_in_one_process():
    tests = {"a": "case = 1", "b": "case = 2", "c": "assert case", "d": "case = 3\nassert case"}
    assert needed("a", "b", "c", "d", **tests) == {"a": [], "b": [], "c": ["case = 2"], "d": []}
    assert needed("a", "case = 7", "c", a="case = 1", c="assert case")["c"] == []
    assert needed("case = 7", "a", "c", a="case = 1", c="assert case")["c"] == ["case = 1"]


def test_what_the_released_part_defines_is_there_anyway():
    released = new_code_cell("case = 1", metadata={"nbgrader": {"grade_id": "a"}})
    later = new_code_cell("", metadata={"nbgrader": {"grade_id": "b"}})
    tests = {"a": "case = 1\nassert case", "b": "assert case"}
    assert needed_before([released, later], tests) == {"a": [], "b": []}


def test_names_are_found_in_every_form():
    forms = [
        "import case",
        "import case.part",
        "from module import thing as case",
        "with open('x') as case:\n    pass",
        "if True:\n    case = 1",
        "(case := 1)",
        "case, *rest = 1, 2",
        "class case:\n    pass",
        "async def case():\n    pass",
        "try:\n    pass\nexcept OSError:\n    case = 1",
        "%matplotlib inline\ncase = 1",
        "case = !ls",
    ]
    for form in forms:
        assert needed("a", "b", a=form, b="print(case)")["b"] == [form], form
    for other in ("def f():\n    case = 1", "lambda case: 1", "no python at all", "x = 'case'"):
        assert needed("a", "b", a=other, b="print(case)")["b"] == [], other
