"""Whatever is handed in, what is graded is the released notebook with the student's text in it."""

import base64
import copy
import json
import os
import random
import shutil

import nbformat
import pytest
from broken.course import NAME, answered, master

from autograder.submission.document import MAX_CELLS
from autograder.submission.notebook import MARK, MAX_SOURCE, submitted_notebook

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
LOCKED = ("rules", "meaning", "scaled", "measured", "last")


@pytest.fixture
def released(tmp_path):
    """The path of a released notebook, as nbgrader wants its cells to be."""
    path = tmp_path / "exercises" / f"{NAME}.ipynb"
    path.parent.mkdir()
    nbformat.write(master(), path)
    return path


@pytest.fixture
def submit(tmp_path, released):
    """Return a function that hands in a notebook, or a file's bytes, and gives what is read."""
    folder = tmp_path / "submitted"
    folder.mkdir()

    def submit_one(content: object) -> nbformat.NotebookNode:
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        (folder / f"{NAME}.ipynb").write_bytes(content)
        return submitted_notebook(folder, released)

    submit_one.folder = folder
    return submit_one


@pytest.fixture
def notebook(released):
    """The released notebook as plain JSON."""
    return json.loads(released.read_text())


def cell(source: str, kind: str = "code", **fields: object) -> dict:
    return {"cell_type": kind, "metadata": {}, "source": source, **fields}


def named(notebook: dict) -> dict[str, dict]:
    return {each["id"]: each for each in notebook["cells"]}


def test_an_untouched_notebook_is_the_release(submit, notebook, released):
    read = submit(notebook)
    mark = {"problems": [], "readable": True, "runs": True, "notebook": f"{NAME}.ipynb"}
    assert read.metadata.pop(MARK) == mark
    assert read == nbformat.read(released, 4)


def test_only_answers_and_plain_cells_are_taken(submit, notebook):
    for each in notebook["cells"]:
        each["source"] = f"# mine: {each['id']}"
    cells = named(submit(notebook))
    for name, each in cells.items():
        assert (each.source == f"# mine: {name}") == (name not in LOCKED)


def test_locked_cells_come_back_once_and_deleted_plain_ones_do_not(submit, notebook):
    kept = [each for each in notebook["cells"] if each["id"] in ("last", "scaled_answer")]
    read = submit({**notebook, "cells": kept * 3})
    names = [each.id for each in read.cells if not each.id.startswith("added")]
    assert names == ["meaning", "scaled_answer", "scaled", "rules", "measured", "last"]
    assert len(read.cells) == 8, "two more copies of the answer"


def test_added_cells_stay_after_the_cell_that_they_followed(submit, notebook):
    cells = notebook["cells"]
    cells.insert(0, cell("first"))
    cells.insert(4, cell("note", "markdown"))
    cells.insert(5, cell("more", "raw"))
    cells.append(cell("last of all"))
    read = submit(notebook)
    sources = [each.source for each in read.cells]
    assert sources[0] == "first" and sources[-1] == "last of all"
    where = [each.id for each in read.cells].index("meaning_answer")
    assert sources[where + 1 : where + 3] == ["note", "more"]
    added = [each for each in read.cells if each.id.startswith("added")]
    assert [each.id for each in added] == ["added-1", "added-2", "added-3", "added-4"]
    assert [each.cell_type for each in added] == ["code", "markdown", "markdown", "code"]


def test_nothing_but_text_comes_in(submit, notebook):
    for each in notebook["cells"]:
        each["metadata"] = {"nbgrader": {"grade_id": each["id"], "points": 99}, "tags": ["x"]}
        each["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "100.0"}]
        each["execution_count"] = 7
    notebook["cells"].append(cell("1", metadata={"tags": ["skip-execution"]}, execution_count=3))
    notebook["metadata"] = {"kernelspec": {"name": "ir"}, MARK: {"readable": False}}
    read, release = submit(notebook), master()
    assert read.metadata.kernelspec == release.metadata.kernelspec
    for before, after in zip(release.cells, read.cells, strict=False):
        assert (after.id, after.metadata, after.cell_type) == (
            before.id,
            before.metadata,
            before.cell_type,
        )
    assert read.cells[-1].metadata == {}
    assert not any(each.get("outputs") or each.get("execution_count") for each in read.cells)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_a_notebook_may_have_any_encoding(submit, notebook, encoding):
    answered(notebook, last_answer="final = 'déjà'")
    read = submit(json.dumps(notebook, ensure_ascii=False).encode(encoding))
    assert named(read)["last_answer"].source == "final = 'déjà'"


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_no_change(submit, notebook, line_end):
    for each in notebook["cells"]:
        each["source"] = "".join(each["source"]).replace("\n", line_end)
    read = submit(notebook)
    assert read.metadata[MARK]["problems"] == []
    assert [each.source for each in read.cells] == [each.source for each in master().cells]


def test_half_a_character_does_not_stay(submit, notebook):
    answered(notebook, last_answer="final = '\ud83d'")
    assert named(submit(notebook))["last_answer"].source == "final = '?'"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n", "The file is empty."),
        (b"\xef\xbb\xbf", "not a Jupyter notebook, or only a part of one"),
        (b'{"cells": [', "not a Jupyter notebook, or only a part of one"),
        (bytes(range(256)), "not a Jupyter notebook, or only a part of one"),
        (b"\xff\xfe\x00", "not a Jupyter notebook, or only a part of one"),
        (b"[" * 100_000, "not a Jupyter notebook, or only a part of one"),
        (b"9" * 10_000, "not a Jupyter notebook, or only a part of one"),
        (b"null", "The file is not a Jupyter notebook."),
        ([], "The file is not a Jupyter notebook."),
        ({}, "The notebook has no cells."),
        ({"cells": {"a": 1}}, "The notebook has no cells."),
        ({"cells": [{}] * (MAX_CELLS + 1)}, "The notebook has more than 1000 cells."),
        ({"nbformat": 5, "cells": []}, "format (5) is not known here"),
        ({"nbformat": 1, "cells": []}, "format (1) is not known here"),
        ({"nbformat": {"a" * 99: 1}, "cells": []}, "format ({'aaaaaaaaaaaaaaaaaa) is not known"),
        ({"nbformat": 3}, "format (3) is old, and could not be converted"),
        ({"nbformat": 2, "worksheets": [1]}, "format (2) is old, and could not be converted"),
    ],
)
def test_what_cannot_be_read_is_the_release_and_a_sentence(submit, released, content, sentence):
    read = submit(content)
    mark = read.metadata.pop(MARK)
    assert not mark["readable"]
    assert len(mark["problems"]) == 1 and sentence in mark["problems"][0]
    assert read == nbformat.read(released, 4)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"cells": []}, "None of the answer cells was found"),
        ({"cells": [None, 3, {}, {"source": 5, "metadata": []}]}, "None of the answer cells"),
        (
            {"cells": [cell("pass", id="last_answer")]},
            "not in the notebook: meaning_answer, scaled",
        ),
        ({"cells": [cell("x" * (MAX_SOURCE + 1))]}, "Cells are cut after 200,000 characters; 1"),
        (
            {"cells": [cell("100.0", id="last")]},
            "locked cells were changed, and are restored: last",
        ),
    ],
)
def test_what_is_odd_gets_a_sentence(submit, content, sentence):
    mark = submit(content).metadata[MARK]
    assert mark["readable"]
    assert sentence in " ".join(mark["problems"])


def test_who_hands_in_only_another_notebook_has_not_handed_in_this_one(tmp_path, released):
    shutil.copy(released, released.with_name("other.ipynb"))

    def absent(*names: str) -> bool:
        folder = tmp_path / "-".join(names)
        folder.mkdir()
        for name in names:
            (folder / name).write_text("{")
        return submitted_notebook(folder, released).metadata[MARK]["absent"]

    assert absent("other.ipynb")
    assert not absent("data.csv")
    assert not absent("other.ipynb", f"{NAME}.ipynb")  # one that cannot be read


def test_a_too_long_cell_is_cut(submit, notebook):
    answered(notebook, last_answer="x" * (MAX_SOURCE + 9))
    assert len(named(submit(notebook))["last_answer"].source) == MAX_SOURCE


def test_pictures_in_text_are_kept_and_no_reference_is_left_open(submit, notebook):
    """nbconvert, and with it feedback, fails on a reference to an attachment that is not there."""
    attachments = {
        "a.png": {"image/png": PNG, "text/html": "<script>"},
        "no.png": {"image/png": "PHN2Zz4="},
        "b c.png": {"image/png": PNG},
        "d.svg": {"image/svg+xml": "<svg/>"},
        "odd": 5,
    }
    text = " ".join(f"![]({'attachment:'}{name})" for name in [*attachments, "gone.png"])
    notebook["cells"] += [
        cell(text, "markdown", attachments=attachments),
        cell(text, "markdown", attachments=[1]),
        cell(text, "code", attachments=attachments),
    ]
    with_pictures, without, code = submit(notebook).cells[-3:]
    assert with_pictures.attachments == {"a.png": {"image/png": PNG}}
    assert with_pictures.source.count("attachment:") == 1
    assert "attachments" not in without and "attachment:" not in without.source
    assert "attachments" not in code and code.source == text


@pytest.mark.parametrize("what", [os.listdir, open])
def test_a_system_that_refuses_is_quoted(submit, released, notebook, monkeypatch, what):
    submit(notebook)

    def refuse(*arguments, **names):
        raise PermissionError(13, "Permission denied")

    if what is open:
        monkeypatch.setattr(os, "open", refuse)
    else:
        monkeypatch.setattr(os, "scandir", refuse)
    (problem,) = submitted_notebook(submit.folder, released).metadata[MARK]["problems"]
    assert problem.endswith("could not be read: Permission denied.")


def test_no_damage_is_too_much(submit, notebook, released):
    """Random damage to bytes, and to the tree: what comes out can always be graded."""
    chance, junk = random.Random(4), [None, True, -1, 1e999, "", "\0", [], {}, [[]], {"a": {}}, "x"]
    text, release = json.dumps(notebook).encode(), nbformat.read(released, 4)
    for turn in range(400):
        if turn % 2:
            damaged = bytearray(text)
            for _ in range(chance.randint(1, 4)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            content: object = bytes(
                damaged[: chance.choice([len(text), chance.randrange(len(text))])]
            )
        else:
            content = copy.deepcopy(notebook)
            for _ in range(chance.randint(1, 4)):
                node = content
                while True:
                    key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
                    child = node[key]
                    if not isinstance(child, dict | list) or not child or chance.random() < 0.2:
                        node[key] = copy.deepcopy(chance.choice(junk))
                        break
                    node = child
        read = submit(content)
        read.metadata.pop(MARK)
        nbformat.validate(read)
        assert len({each.id for each in read.cells}) == len(read.cells)
        assert read.metadata == release.metadata
        locked = [each for each in read.cells if each.id in LOCKED]
        assert locked == [each for each in release.cells if each.id in LOCKED]
