"""What lies among the submissions and is none: each folder or file that is passed over, and why.

nbgrader looks for ``submitted/STUDENT/ASSIGNMENT`` to the letter. A notebook beside such a folder,
or a folder that is called nearly so, is somebody's work that nobody would miss.
"""

import difflib
import os
from collections.abc import Iterator
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.submission.files import shown
from autograder.submission.tree import PACKED, is_left_behind, tree

SHOWN = 3  # of one student


def why_not_gradable(folder: str | Path) -> str | None:
    """Return why nbgrader cannot deal with what stands where a submission should, or None."""
    folder = str(folder)
    if os.path.islink(folder) or not os.path.isdir(folder):
        return "it is no folder"
    if "\n" in folder or folder.encode(errors="ignore").decode() != folder:
        return "the gradebook cannot hold its name, so rename it"
    return None


def passed_over(course: CourseDirectory, assignment: str) -> list[str]:
    """Return a sentence for whatever was handed in and is no submission of any assignment.

    What is meant for another assignment, by its name, is not among them.
    """
    place = course.format_path(course.submitted_directory, "{student}", "{assignment}")
    root = Path(place).parent.parent
    if not place.endswith("{student}/{assignment}") or not root.is_dir():
        return []
    known = {
        path.name
        for step in (course.source_directory, course.release_directory)
        for path in Path(course.format_path(step, ".", assignment)).parent.glob("*")
        if path.is_dir()
    } | {assignment}
    return [
        f"{shown(path.relative_to(root.parent).as_posix())} is not graded: {reason}"
        for student in _inside(root)
        for path, reason in _of_student(student, assignment, known)
    ]


def _of_student(student: Path, assignment: str, known: set[str]) -> Iterator[tuple[Path, str]]:
    """Yield what is passed over in one place for a student's submissions."""
    if student.name in known and student.is_dir():
        if student.name == assignment:
            yield student, f"the order is STUDENT/{assignment}, not {assignment}/STUDENT"
        return
    if not student.is_dir():
        if _is_meant(student, assignment, known):
            yield student, f"it is no student's folder, and should lie in STUDENT/{assignment}/"
        return
    try:
        inside = _inside(student)
    except OSError as error:
        yield student, f"it cannot be read ({error.strerror})"
        return
    if not inside:
        yield student, "it is empty"
    where = f"{shown(student.name)}/{assignment}/"
    found = []
    for path in inside:
        if path.name == assignment and (reason := why_not_gradable(path)):
            found.append((path, reason))
        elif path.name not in known and _is_meant(path, assignment, known):
            is_there = (student / assignment).is_dir()
            found.append((path, f"{where} is" if is_there else f"it should be {where}"))
    yield from found[:SHOWN]
    if len(found) > SHOWN:
        yield student, f"that holds {len(found) - SHOWN} more such"


def _is_meant(path: Path, assignment: str, known: set[str]) -> bool:
    """Return whether this may be somebody's work for ``assignment``, misplaced or misnamed."""
    names = {name.casefold(): name for name in known}
    like = difflib.get_close_matches(path.stem.casefold(), names, 1)
    if like and names[like[0]] != assignment:
        return False
    return bool(like) or _holds_work(path)


def _holds_work(path: Path) -> bool:
    """Return whether a notebook, or what may hold one, lies here."""
    suffixes = (".ipynb", *PACKED)
    if path.is_symlink() or not path.is_dir():
        return path.suffix.lower() in suffixes
    try:
        return any(entry.name.lower().endswith(suffixes) for entry in tree(path))
    except OSError:
        return True


def _inside(folder: Path) -> list[Path]:
    """Return what lies in a folder, but for what tools leave behind."""
    return sorted(path for path in folder.iterdir() if not is_left_behind(path.name))
