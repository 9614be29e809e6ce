"""Every chapter has the same form, as CONTRIBUTING describes it: between two of them no seam shows.

These tests read the notebooks; `test_site` sees what becomes of them on a page.
"""

import ast
import itertools
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = sorted(path.stem for path in BOOK.glob("[0-9]*.ipynb"))
SECTIONS = [
    "Idea",
    "See it",
    "Why",
    "Code",
    "Measure",
    "Evidence",
    "Mistakes",
    "Quiz",
    "Bug hunt",
    "Recall",
    "What to do",
]
CLOSE = ["What we do not know", "Two things to try"]
SHORT, FOLDED = 15, 30  # lines of a cell that a reader should learn from, and of any other
LABEL = 90  # characters of the words that a fold shows
SHOW_DRAWING = {"plots.show", "figures.show", "figures.live"}
SHOW = SHOW_DRAWING | {"print", "display", "evidence.show"}

NOTEBOOKS = [*CHAPTERS, "evidence", "practice_test"]

SAME_WORDS = {
    "evidence.show": "# Compute the verdicts from the records",
    "quiz.show": "# Show the questions",
}

each_notebook = pytest.mark.parametrize("chapter", NOTEBOOKS)
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS)


@dataclass(frozen=True)
class Cell:
    """A cell: its id, its kind ("code" or "markdown"), its text and its tags."""

    id: str
    kind: str
    text: str
    tags: frozenset[str]

    @property
    def folded(self) -> bool:
        return bool(self.tags & {"check", "hide-input"})

    def calls(self) -> set[str]:
        """Return the functions that are called when the cell runs, as they are written."""
        return {
            ast.unparse(node.func)
            for statement in ast.parse(self.text).body
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef)
            for node in ast.walk(statement)
            if isinstance(node, ast.Call)
        }


def cells_of(chapter: str, kind: str = "") -> list[Cell]:
    """Return the cells of a chapter, all or those of one kind."""
    found = json.loads((BOOK / f"{chapter}.ipynb").read_text("utf-8"))["cells"]
    cells = [
        Cell(
            each["id"],
            each["cell_type"],
            "".join(each["source"]),
            frozenset(each["metadata"].get("tags", [])),
        )
        for each in found
    ]
    return [each for each in cells if kind in ("", each.kind)]


def prose(chapter: str) -> str:
    """Return all text of a chapter, without its code."""
    text = "\n\n".join(cell.text for cell in cells_of(chapter, "markdown"))
    return re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)


def digs(text: str) -> Iterator[str]:
    """Yield what reaches two keys deep into a record, as in ``result["loss"]["mean"]``."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Subscript(
                value=ast.Subscript(slice=ast.Constant(str())), slice=ast.Constant(str())
            ):
                yield ast.unparse(node)


@each_chapter
def test_it_opens_with_its_subject(chapter):
    opening, strip, idea, picture = cells_of(chapter)[:4]
    title, question, can, *points, need = re.split(r"\n+", opening.text.strip())
    assert title.startswith("# ")
    assert re.fullmatch(r"\*\*.+\?\*\*", question)
    assert can == "After this chapter you can"
    assert 3 <= len(points) <= 4 and all(re.match("[-*] ", point) for point in points)
    assert re.match(r"About \d+ minutes\. You need ", need)
    assert strip.text.startswith("**Jump to:** ")
    assert idea.kind == "markdown" and idea.text.startswith("## Idea\n")
    assert picture.calls() & SHOW_DRAWING and "hide-input" in picture.tags


@each_chapter
def test_its_sections_are_those_of_every_chapter(chapter):
    text = "\n".join(cell.text for cell in cells_of(chapter, "markdown"))
    assert re.findall(r"^## (.+?)\s*$", text, re.MULTILINE) == SECTIONS
    strip = cells_of(chapter)[1].text
    assert re.findall(r"\[(.+?)\]\(#(.+?)\)", strip) == [
        (section, section.replace(" ", "-")) for section in SECTIONS
    ]
    close = text[text.index("\n## What to do") :]
    assert re.findall(r"^### (.+?)\s*$", close, re.MULTILINE) == CLOSE


@each_chapter
def test_each_mistake_has_its_symptom_its_cause_and_its_fix(chapter):
    text = "\n\n".join(cell.text for cell in cells_of(chapter, "markdown"))
    told = text[text.index("## Mistakes") : text.index("## Quiz")]
    mistakes = re.findall(r"^\*\*(.+?)\*\* (.+)", told, re.MULTILINE)
    assert len(mistakes) >= 4 and told.count("*Symptom:*") == len(mistakes)
    for title, parts in mistakes:
        assert re.fullmatch(r"\*Symptom:\* .+ \*Cause:\* .+ \*Fix:\* .+", parts), title


@each_notebook
def test_only_a_check_asserts_and_a_check_shows_nothing(chapter):
    for cell in cells_of(chapter, "code"):
        asserts = any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(cell.text)))
        assert asserts == ("check" in cell.tags), cell.id
        assert not ("check" in cell.tags and cell.calls() & SHOW), cell.id


@each_notebook
def test_a_fold_says_in_its_first_line_what_opens(chapter):
    for cell in cells_of(chapter, "code"):
        if cell.folded:
            words = re.match(r"# (.+)\n", cell.text)
            assert words and len(words[1]) <= LABEL and not words[1].endswith("."), cell.id


@each_chapter
def test_what_every_chapter_has_is_folded_under_the_same_words(chapter):
    lines = {
        call: cell.text.splitlines()[0]
        for cell in cells_of(chapter, "code")
        for call in cell.calls() & SAME_WORDS.keys()
    }
    assert lines == SAME_WORDS


@each_notebook
def test_code_is_short_enough_to_be_read(chapter):
    for cell in cells_of(chapter, "code"):
        most = FOLDED if cell.folded else SHORT
        assert len(cell.text.splitlines()) <= most, cell.id


@each_notebook
def test_code_to_learn_from_does_not_dig_in_records(chapter):
    shown = [cell for cell in cells_of(chapter, "code") if not cell.folded]
    assert {cell.id: list(digs(cell.text)) for cell in shown if list(digs(cell.text))} == {}


@each_notebook
def test_at_most_one_bar_stands_before_a_figure(chapter):
    cells = cells_of(chapter)
    for above, below in itertools.pairwise(cells):
        assert not ("hide-input" in above.tags and "hide-input" in below.tags), below.id


@each_notebook
def test_every_result_says_whether_it_is_live_or_recorded(chapter):
    for cell in cells_of(chapter, "code"):
        if cell.calls() & SHOW:
            assert cell.tags & {"live", "recorded"}, cell.id


@each_notebook
def test_every_mention_of_another_chapter_is_a_link(chapter):
    links = r"\[[^\]]*\]\([\w/.#-]+\)"
    assert (
        re.findall(r"\bchapters?\s+\d+.{0,30}", re.sub(links, "", prose(chapter)), re.IGNORECASE)
        == []
    )


def test_what_is_broken_is_fixed():
    """One word for it, in all that learners and teachers read."""
    command = ["git", "ls-files", "autograder", "book", "lrlab", "solutions"]
    listed = subprocess.run(command, cwd=BOOK.parent, check=True, capture_output=True, text=True)
    texts = [
        BOOK.parent / name
        for name in listed.stdout.splitlines()
        if name.endswith((".ipynb", ".md", ".yml"))
    ]
    assert len(texts) > 40
    other = re.compile(r"\bmend(?:s|ed|ing)?\b", re.IGNORECASE)
    assert [path.name for path in texts if other.search(path.read_text("utf-8"))] == []


def test_what_is_held_here_would_be_seen():
    """The rules that read code see what they forbid."""
    cell = Cell("cell-01", "code", "def f():\n    print(1)\nplots.show(f(), 'x')", frozenset())
    assert cell.calls() == {"plots.show", "f"}
    assert list(digs('a = result["loss"]["mean"][0] + b["x"]')) == ["result['loss']['mean']"]
