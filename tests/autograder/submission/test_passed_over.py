"""What lies beside the submissions: somebody's work is named, and what is nobody's is not."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.submission.passed_over import SHOWN, passed_over

NAME = "lr01_first_step"


@pytest.fixture
def course(tmp_path) -> CourseDirectory:
    """A course with two assignments."""
    for name in (NAME, "lr09_plateau"):
        (tmp_path / "source" / name).mkdir(parents=True)
    (tmp_path / "submitted").mkdir()
    return CourseDirectory(root=str(tmp_path))


@pytest.fixture
def named(course) -> Callable:
    """Return a function that hands in files by path, and gives what is named of them."""
    root = Path(course.root) / "submitted"

    def hand_in(*paths: str, assignment: str = NAME) -> list[str]:
        for path in paths:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text("{}")
        return passed_over(course, assignment)

    return hand_in


@pytest.mark.parametrize(
    "path",
    [
        f"ann/{NAME}/{NAME}.ipynb",
        f"ann/{NAME}/deeper/{NAME}.ipynb",
        "ann/lr09_plateau/lr09_plateau.ipynb",
        "ann/lr09_plateau.ipynb",
        "ann/LR09_Plateau (1)/nb.ipynb",
        f"lr09_plateau/ann/{NAME}.ipynb",
        "ann/.DS_Store",
        "ann/notes/notes.txt",
        "ann/__MACOSX/nb.ipynb",
        ".gitkeep",
        "grades.csv",
    ],
)
def test_a_submission_and_what_is_nobodys_work_is_not_named(named, path):
    assert named(path, f"ann/{NAME}/{NAME}.ipynb") == []


@pytest.mark.parametrize(
    "path",
    [
        f"ann/{NAME}.ipynb",
        f"ann/{NAME} /nb.ipynb",
        f"ann/{NAME}-2/readme.txt",
        "ann/LR01-First-Step/a/b/nb.IPYNB",
        "ann/Untitled.ipynb",
        "ann/homework.zip",
        "ann/week 1/all.7z",
        "ann_smith.ipynb",
        "archive.zip",
        f"{NAME}/ann/nb.ipynb",
    ],
)
def test_somebodys_work_is_named_with_the_place_where_it_belongs(named, path):
    (sentence,) = named(path)
    place = NAME if path.startswith(NAME) else "/".join(path.split("/")[:2])
    assert sentence.startswith(f"submitted/{place} is not graded: ")
    assert NAME in sentence.partition(": ")[2]


def test_what_belongs_to_another_assignment_is_named_there(named):
    assert named("ann/LR09_Plateau/nb.ipynb", f"ann/{NAME}/nb.ipynb") == []
    (sentence,) = named(assignment="lr09_plateau")
    assert "ann/LR09_Plateau is not graded: it should be ann/lr09_plateau/" in sentence


def test_an_empty_folder_and_a_link_are_named(named, course):
    root = Path(course.root) / "submitted"
    (root / "ann").mkdir()
    (root / "bob").mkdir()
    (root / "bob" / NAME).symlink_to(root)
    assert named() == [
        "submitted/ann is not graded: it is empty",
        f"submitted/bob/{NAME} is not graded: it is no folder",
    ]


def test_many_are_counted_and_names_are_made_fit_for_a_terminal(named):
    names = [f"ann/{NAME} ({number})/nb.ipynb" for number in range(9)]
    said = named(*names, "bob/\x1b[2J\n.ipynb", f"jos\udce9/{NAME}.ipynb")
    assert len([each for each in said if each.startswith("submitted/ann")]) == SHOWN + 1
    assert f"submitted/ann is not graded: that holds {9 - SHOWN} more such" in said
    text = "".join(said)
    assert text.isprintable() and text.encode()


def test_a_closed_folder_is_named(named, course, monkeypatch):
    (Path(course.root) / "submitted" / "ann").mkdir()
    look = Path.iterdir

    def refuse(path: Path) -> Iterator[Path]:
        if path.name == "ann":
            raise PermissionError(13, "Permission denied")
        return look(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert named() == ["submitted/ann is not graded: it cannot be read (Permission denied)"]


@pytest.mark.parametrize(
    "structure",
    [
        "{nbgrader_step}/{assignment_id}/{student_id}",
        "x/{nbgrader_step}/{student_id}/{assignment_id}",
    ],
)
def test_folders_of_other_names(tmp_path, structure):
    """With the student's folder inside the assignment's nothing else can be told apart."""
    course = CourseDirectory(
        root=str(tmp_path), directory_structure=structure, submitted_directory="in"
    )
    (tmp_path / "x" / "in" / "ann" / f"{NAME}-1").mkdir(parents=True)
    found = passed_over(course, NAME)
    assert found == (
        [f"in/ann/{NAME}-1 is not graded: it should be ann/{NAME}/"] if structure[0] == "x" else []
    )
