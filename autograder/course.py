"""Where a course keeps what: nbgrader's settings, read the way nbgrader reads them.

A course may have any names of folders, lie anywhere, and its assignments may have several notebooks.
"""

import glob
import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files
from traitlets.config import Config, PyFileConfigLoader

SETTINGS = "nbgrader_config.py"


def course_directory(folder: Path) -> CourseDirectory:
    """Return nbgrader's settings of the course in ``folder``: those of the machine, then its own.

    nbgrader's commands also read the working directory, which may be another course.
    """
    config = Config()
    for each in (*reversed(jupyter_config_path()), str(folder)):
        if Path(each, SETTINGS).is_file():
            config.merge(PyFileConfigLoader(SETTINGS, path=each).load_config())
    if "root" in config.CourseDirectory:
        return CourseDirectory(config=config)
    return CourseDirectory(config=config, root=str(folder.resolve()))


def released(course: CourseDirectory, assignment: str) -> list[Path]:
    """Return the notebooks that students were given, in order of their names."""
    folder = course.format_path(course.release_directory, ".", assignment)
    return sorted(Path(folder).glob("*.ipynb"))


def items(course: CourseDirectory, assignment: str) -> dict[str, float]:
    """Return the points of every item that the release asks for, by "NOTEBOOK/GRADE_ID".

    It is read as JSON: nbformat would check it against its schema, once a submission.
    """
    return {
        f"{path.stem}/{marks['grade_id']}": float(marks["points"])
        for path in released(course, assignment)
        for cell in json.loads(path.read_bytes())["cells"]
        if (marks := cell["metadata"].get("nbgrader", {})).get("grade") or marks.get("task")
    }


def masters(course: CourseDirectory, assignment: str) -> list[Path]:
    """Return the notebooks that an assignment is released from, in order of their names."""
    folder = course.format_path(course.source_directory, ".", assignment)
    return sorted(Path(folder).glob("*.ipynb"))


def handed_in(course: CourseDirectory, assignment: str, student: str) -> Path:
    """Return the folder in which a submission lies."""
    return Path(course.format_path(course.submitted_directory, student, assignment))


def given(
    course: CourseDirectory, assignment: str, kept: Collection[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file that the instructor put beside the notebooks.

    A student's file of the same name does not count, unless it is among ``kept``.
    """
    folder = course.format_path(course.source_directory, ".", assignment)
    for found in sorted(find_all_files(folder, [*course.ignore, "*.ipynb"])):
        path = Path(found)
        if (name := str(path.relative_to(folder))) not in kept:
            yield name, path.read_bytes()


def students(course: CourseDirectory, assignment: str) -> Iterator[str]:
    """Yield everyone for whom something stands where a submission should."""
    step = course.submitted_directory
    pattern = course.format_path(step, "(?P<student>[^/]*)", re.escape(assignment), escape=True)
    for path in glob.glob(course.format_path(step, "*", glob.escape(assignment))):
        if found := re.fullmatch(pattern, path):
            yield found["student"]
