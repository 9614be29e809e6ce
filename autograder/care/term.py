"""The end of a term: one file with all that a university must keep, and a course that begins anew."""

import subprocess
import tempfile
from importlib.metadata import distributions
from pathlib import Path
from platform import python_version

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograder.care import CareError
from autograder.care.back_up import keep
from autograder.care.database import database
from autograder.care.moves import Moves
from autograder.care.package import Writer
from autograder.care.places import ASIDE, Places, now, put_aside
from autograder.course import SETTINGS

REPORTS = "reports"
README = """\
{name}, as it was at {time} (UTC)

{students} students, {assignments} assignments, {submissions} graded submissions.

README.txt          this page
grades.csv          the points of every student for every assignment, late days included; any
                    spreadsheet opens it (UTF-8, commas)
submitted/          what each student handed in, with the time in timestamp.txt
autograded/         the same after it was graded: a notebook opens in Jupyter, and as text
feedback/           what each student was told: a page opens in any browser
reports/            the reports on the class, and the files for Canvas and Moodle
source/             the masters of the assignments, with their solutions
release/            the assignments as students were given them
inbound/            every submission in the exchange of a hub, the earlier ones too
outcomes/           what ran in the sandbox, and each verdict of the judge, as JSON
{gradebook:<20}the gradebook of nbgrader (https://nbgrader.readthedocs.io)
nbgrader_config.py  the settings of the course
versions.txt        the Python, its packages and the revision of the course that graded
contents.json       a SHA-256 of every file here, and what was left out, with reasons

Folders that are not here were not there. `python -m autograder restore FILE` in the folder of the
course puts all of it back. Whoever holds this file holds the data of students: keep it as long as
the rules of your university say, where only those can read it who must, and delete it then.
"""


def archive(places: Places, path: Path) -> list[str]:
    """Make a package for the archive; return sentences to be read.

    Raises CareError when there is such a file, or nothing to keep, and OSError on a full disk.
    """
    if path.exists():
        raise CareError(f"{path} is there already, and is left as it is: give another name.")
    if not path.parent.is_dir():
        raise CareError(f"There is no folder {path.parent}.")
    with tempfile.TemporaryDirectory() as copies:
        saved = Path(copies, "gradebook")
        if not database(places.course).save(saved):
            raise CareError("This course has no gradebook: nothing was ever graded here.")
        grades = Path(copies, "grades.csv")
        course = places.course
        with Gradebook(course.db_url, course.course_id) as gradebook:
            CsvExportPlugin(to=str(grades)).export(gradebook)
            assignments = gradebook.assignments
            readme = README.format(
                name=places.name,
                time=now(),
                students=len(gradebook.students),
                assignments=len(assignments),
                submissions=sum(each.num_submissions for each in assignments),
                gradebook=database(course).kept_as,
            )

        def put_in(writer: Writer) -> None:
            writer.text("README.txt", readme)
            writer.file("grades.csv", grades)
            writer.text("versions.txt", _versions(places.root))
            if (settings := places.root / SETTINGS).is_file():
                writer.file(SETTINGS, settings)
            if (reports := places.root / REPORTS).is_dir():
                writer.folder(REPORTS, reports, 1)

        return keep(places, path, put_in)


def begin_anew(places: Places) -> list[str]:
    """Put aside all that students and graders have made; masters stay. Return what to say.

    Raises CareError or OSError; then everything is where it was.
    """
    time, moves = now(), Moves()
    pages = [places.exchange / "feedback"] if places.exchange else []
    for place in (*places.work.values(), *pages, places.root / REPORTS):
        if place.exists():
            moves.add((place, put_aside(place, time)))
    moves.make()
    try:
        database(places.course).load(None, time)
    except BaseException:
        moves.undo()
        raise
    return [
        "The course is empty: read the new class list, and release the first assignment.",
        f"What was here is kept under the same names, with {ASIDE}{time} behind them.",
        "Delete that once the archive lies where it should.",
    ]


def _versions(root: Path) -> str:
    """Return what graded: the Python, the revision of the course if it has one, all packages."""
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        revision = done.stdout.strip() or "none: the folder is no git repository"
    except FileNotFoundError:
        revision = "unknown: there is no git"
    packages = {f"{each.name}=={each.version}" for each in distributions()}
    lines = [f"Python {python_version()}", f"revision {revision}", *sorted(packages, key=str.lower)]
    return "\n".join(lines) + "\n"
