"""The notebook is found wherever it lies and whatever its name, or a sentence says what to do."""

import copy
import json
import os
from pathlib import Path

import nbformat
import pytest
from broken.course import NAME, answered, master

from autograder.submission import find
from autograder.submission.notebook import MARK, submitted_notebook

WANTED = f"{NAME}.ipynb"
RENAMED = f"The notebook was renamed; hand it in as {WANTED}."


class Handed:
    """A folder that a student hands in, beside the release."""

    def __init__(self, root: Path) -> None:
        self.folder, self.released = root / "submitted", root / "exercises" / WANTED
        for place in (self.folder, self.released.parent):
            place.mkdir()
        nbformat.write(master(), self.released)
        self.untouched = json.loads(self.released.read_text())

    def answer(self, final: str) -> dict:
        """Return the notebook with an answer."""
        return answered(copy.deepcopy(self.untouched), last_answer=f"final = {final!r}")

    def put(self, **files: object) -> None:
        """Write files, by path."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content if isinstance(content, str) else json.dumps(content))

    def read(self) -> tuple[str, list[str]]:
        """Return the last answer of what is graded, and the problems."""
        notebook = submitted_notebook(self.folder, self.released)
        (cell,) = [cell for cell in notebook.cells if cell.id == "last_answer"]
        return cell.source.partition("'")[2][:-1], notebook.metadata[MARK]["problems"]


@pytest.fixture
def handed(tmp_path):
    return Handed(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "Lab 1 Ana.ipynb",
        "LR00_Tiny.IPYNB",
        f"{NAME} (1).ipynb",
        f"{NAME}-Copy1.ipynb",
        f"{NAME}.ipynb.txt",
        f"{NAME}.ipynb.json",
        f"{NAME}.json",
        f"{NAME}\\{WANTED}",  # a folder of Windows', unpacked as if it were none
    ],
)
def test_it_may_have_another_name_and_a_macs_notes_are_no_notebook(handed, name):
    handed.put(
        **{name: handed.answer("C"), f"._{name}": "\0\5\x16\7", ".hidden.ipynb": handed.answer("A")}
    )
    assert handed.read() == ("C", [RENAMED])


@pytest.mark.parametrize("name", [f"{NAME}/{WANTED}", f"a/b/c/{WANTED}", "my lab/Lab 1.ipynb"])
def test_it_may_lie_deeper(handed, name):
    handed.put(**{name: handed.answer("C"), f"__MACOSX/{NAME}/{WANTED}": "x", "data.json": "{}"})
    sentence = f"The notebook was found as {name}; hand it in as {WANTED}, in no folder."
    assert handed.read() == ("C", [sentence])


def test_of_several_the_one_of_this_assignment_is_meant(handed):
    handed.put(**{"my work.ipynb": handed.answer("C"), "scratch.ipynb": {"cells": []}})
    handed.put(**{"broken.ipynb": "{", "lr01.ipynb": {"cells": [{"id": "other", "source": "1"}]}})
    assert handed.read() == ("C", [RENAMED])


def test_of_several_the_one_with_answers_is_meant(handed):
    handed.put(**{"a.ipynb": handed.untouched, "b.ipynb": handed.answer("C")})
    assert handed.read() == ("C", [RENAMED])


def test_of_several_the_one_whose_name_and_place_are_nearest_is_meant(handed):
    handed.put(**{f"old/{WANTED}": handed.answer("A"), "b.ipynb": handed.answer("B")})
    handed.put(**{f"{NAME} (2).ipynb": handed.answer("C"), f"x/y/{WANTED}": handed.answer("D")})
    final, problems = handed.read()
    others = f"x/y/{WANTED}, {NAME} (2).ipynb and b.ipynb"
    assert final == "A"
    assert problems[1] == f"Only old/{WANTED} was graded, not the answers in {others}."


@pytest.mark.parametrize(
    ("names", "how"),
    [(("one.ipynb", "two.ipynb"), "and none is"), ((f"a/{WANTED}", f"b/{WANTED}"), "all")],
)
def test_of_two_that_differ_neither_is_chosen(handed, names, how):
    handed.put(**dict(zip(names, map(handed.answer, "AC"), strict=True)))
    final, (sentence,) = handed.read()
    assert final == ""
    assert sentence.startswith(f"There are 2 notebooks, {how} named {WANTED}. Of {names[0]} and")


def test_two_with_the_same_answers_are_one(handed):
    handed.put(**{"one.ipynb": handed.answer("C"), "two.ipynb": handed.answer("C")})
    assert handed.read() == ("C", [RENAMED])


def test_answers_in_a_copy_of_an_untouched_notebook_are_graded(handed):
    copied = f"{NAME}-Copy1.ipynb"
    handed.put(**{WANTED: handed.untouched, copied: handed.answer("C")})
    sentence = (
        f"No question is answered in {WANTED}. So {copied} was graded: hand that in as {WANTED}."
    )
    assert handed.read() == ("C", [sentence])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "The file is empty."),
        ("{", "The file is not a Jupyter notebook, or only a part of one: open it"),
        ({"cells": []}, f"No question is answered in {WANTED}."),
    ],
)
def test_answers_in_a_copy_of_a_spoilt_notebook_are_graded(handed, content, why):
    handed.put(**{WANTED: content, "backup/copy.ipynb": handed.answer("C")})
    final, (sentence,) = handed.read()
    assert final == "C" and sentence.startswith(why)
    assert sentence.endswith(f"So backup/copy.ipynb was graded: hand that in as {WANTED}.")


def test_of_two_copies_with_other_answers_none_is_graded_and_both_are_named(handed):
    handed.put(**{WANTED: handed.untouched, "a.ipynb": handed.answer("A")})
    handed.put(**{"c.ipynb": handed.answer("C")})
    sentence = f"Only {WANTED} was graded, not the answers in a.ipynb and c.ipynb."
    assert handed.read() == ("", [sentence])


def test_a_copy_with_other_answers_is_named_and_one_with_the_same_is_not(handed):
    handed.put(**{WANTED: handed.answer("C"), f"{NAME}-Copy1.ipynb": handed.answer("C")})
    handed.put(**{".ipynb_checkpoints/x.ipynb": handed.answer("A"), "b.ipynb": handed.untouched})
    assert handed.read() == ("C", [])
    handed.put(**{"draft/first.ipynb": handed.answer("A")})
    sentence = f"Only {WANTED} was graded, not the answers in draft/first.ipynb."
    assert handed.read() == ("C", [sentence])


def test_the_other_notebooks_of_an_assignment_are_not_taken_for_it(handed):
    (handed.released.parent / "other.ipynb").write_text("{}")
    handed.put(**{"other.ipynb": handed.answer("C")})
    final, (sentence,) = handed.read()
    assert final == "" and sentence == f"There is no notebook here: hand in {WANTED}."


def test_a_packed_folder_is_to_be_unpacked(handed):
    handed.put(**{"work.zip": "PK", "notes.txt": "x"})
    (sentence,) = handed.read()[1]
    assert sentence == (
        f"There is no notebook here, but work.zip, which is packed: unpack it, and hand in {WANTED}."
    )


def test_a_link_is_no_notebook_but_another_file_may_be(handed):
    (handed.folder / WANTED).symlink_to(handed.released)
    (handed.folder / "decoy.ipynb").symlink_to(handed.released)
    assert handed.read() == ("", ["The file could not be read: it is a link."])
    handed.put(**{f"deeper/{WANTED}": handed.answer("C")})
    assert handed.read()[0] == "C"


def test_of_thousands_only_a_few_are_read(handed, monkeypatch):
    read, cells_in = [], find.cells_in
    monkeypatch.setattr(find, "cells_in", lambda path: read.append(path.name) or cells_in(path))
    handed.put(**{f"{number:04}.ipynb": handed.answer("A") for number in range(500)})
    handed.put(**{f"{NAME}.ipynb": handed.answer("C")})
    final, (sentence,) = handed.read()
    assert (final, len(read)) == ("C", find.MAX_CANDIDATES)
    assert read[0] == WANTED and len(sentence) < 300


def test_large_candidates_are_not_all_read(handed, monkeypatch):
    read, cells_in = [], find.cells_in
    monkeypatch.setattr(find, "cells_in", lambda path: read.append(path.name) or cells_in(path))
    handed.put(**{WANTED: handed.answer("C"), "z.ipynb": handed.answer("C")})
    for name in "abc":
        path = handed.folder / f"{name}.ipynb"
        path.touch()
        os.truncate(path, 30_000_000)
    assert handed.read() == ("C", [])
    assert read == [WANTED, "a.ipynb", "z.ipynb"]
