"""A notebook's visible checks, as its cells run them: one line, one sentence, and the summary."""

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from lrlab.assignments.expect import CheckFailed, expect


class Notebook:
    """The cells of a notebook, in a namespace of their own."""

    def __init__(self) -> None:
        self.shell = InteractiveShell.instance()
        for name in ("answer", "step", "losses", "one", "two"):
            self.shell.user_ns.pop(name, None)
        self.run("from lrlab.assignments.expect import Expect\nexpect = Expect()")

    def run(self, source: str) -> str:
        """Run a cell; return what it shows, its error in the form that a reader sees."""
        with capture_output() as captured:
            done = self.shell.run_cell(source)
        shown = captured.stdout + "".join(
            each.data.get("text/plain", "") for each in captured.outputs
        )
        failed = isinstance(done.error_in_exec, CheckFailed)
        return f"{done.error_in_exec}" if failed else shown

    def check(self, block: str, title: str = "Question 1") -> str:
        """Run the cell of a check."""
        return self.run(f'# Visible check\nwith expect.check("{title}"):\n    {block}')


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


def test_what_holds_is_silent_and_what_fails_says_its_sentence(capsys):
    expect([1], "never shown")
    assert capsys.readouterr().out == ""
    with pytest.raises(CheckFailed, match="^It should be a letter.$"):
        expect("", "It should be a letter.")


def test_a_notebook_shows_the_sentence_alone():
    failure = CheckFailed("It should be a letter.")
    assert failure._render_traceback_() == ["Not yet: It should be a letter."]
    assert isinstance(failure, AssertionError)


def test_a_check_that_passes_says_so_in_one_line(notebook):
    notebook.run("answer = 'b'")
    said = notebook.check('expect.letter("answer", answer, "ABC")')
    assert said == "✓ Question 1 has the right form."


@pytest.mark.parametrize(
    ("answer", "block", "sentence"),
    [
        ("", 'expect.letter("answer", answer, "AB")', "answer does not exist: its cell has not"),
        (
            "answer = 'F'",
            'expect.letter("answer", answer, "AB")',
            "answer should be one letter from A",
        ),
        (
            "answer = []",
            'expect.several("answer", answer, "AB")',
            "at least one letter from A to B",
        ),
        ("answer = 'a, b'", 'expect.several("answer", answer, "AB")', "answer holds every option"),
        ("answer = [3]", 'expect.several("answer", answer, [0.1, 2.0])', "at least one of 0.1, 2."),
        ("answer = True", 'expect.number("answer", answer)', "answer should be one number."),
        (
            "answer = -1",
            'expect.number("answer", answer, positive=True)',
            "be one positive number.",
        ),
        (
            "answer = float('nan')",
            'expect.number("answer", answer)',
            "answer should be one number.",
        ),
        (
            "answer = None",
            "expect(answer[0], '')",
            "the check stopped with TypeError: 'NoneType' obj",
        ),
        (
            "def step():\n    raise NotImplementedError",
            "expect(step(), '')",
            "step stopped at the line `raise NotImplementedError`, with NotImplementedError.",
        ),
        (
            "def step():\n    return [lss for _ in range(2)]",
            "expect(step(), '')",
            "stopped at the line `return [lss for _ in range(2)]`, with NameError: name 'lss' is not",
        ),
    ],
)
def test_whatever_stops_a_check_is_one_sentence(notebook, answer, block, sentence):
    notebook.run(answer)
    said = notebook.check(block)
    assert sentence in said and "\n" not in said
    assert said in notebook.run('expect.summary("Question 1")')


def test_the_summary_counts_and_names_what_is_missing(notebook):
    notebook.run("one, two = 'a', None")
    notebook.check('expect.letter("one", one, "AB")', "Question 1")
    notebook.check('expect.number("two", two)', "Program 2")
    lines = notebook.run('expect.summary("Question 1", "Program 2", "Lab", "Stretch")').splitlines()
    assert lines[:3] == [
        "1 of 4 are answered in the right form.",
        "  Program 2: two should be one number.",
        "  Lab, Stretch: not checked yet: run all cells above.",
    ]
    said = notebook.run('expect.summary("Question 1")')
    assert said.startswith(
        "1 of 1 are answered in the right form.\nSave the notebook, then submit it."
    )


def test_the_summary_notices_an_answer_that_changed_after_its_check(notebook):
    notebook.run("def step():\n    return 1.5\nlosses = []")
    check = 'losses = [step() for _ in range(2)]\n    expect(losses, "")'
    notebook.check(check)
    notebook.run("losses = 'of another cell'")
    assert "1 of 1" in notebook.run('expect.summary("Question 1")')
    notebook.run("def step():\n    return None")
    said = notebook.run('expect.summary("Question 1")')
    assert "  Question 1: step changed after the check: run the check again.\n" in said
    notebook.check(check)
    assert "1 of 1" in notebook.run('expect.summary("Question 1")')


def test_a_check_that_was_interrupted_is_not_passed(notebook):
    notebook.run("answer = 'a'")
    notebook.check('expect.letter("answer", answer, "AB")')
    notebook.check("raise KeyboardInterrupt")
    assert "Question 1: its check was interrupted" in notebook.run('expect.summary("Question 1")')


def test_feedback_has_no_summary(notebook, monkeypatch):
    assert "0 of 1" in notebook.run('expect.summary("Question 1")')
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert notebook.run('expect.summary("Question 1")') == ""
