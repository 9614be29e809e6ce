"""What a person types: ``python -m autograder backup``, ``restore``, ``archive``, ..."""

import argparse
import sys
from pathlib import Path

from autograder.care import CareError


def add_to(commands: argparse._SubParsersAction) -> None:
    """Add the commands of this room."""
    commands.add_parser("backup", help="put gradebook and all work into one dated file")
    restore = commands.add_parser("restore", help="put back what such a file holds")
    restore.add_argument("file", type=Path)
    archive = commands.add_parser("archive", help="put what must be kept of a term into one file")
    archive.add_argument("file", type=Path)
    archive.add_argument(
        "--begin-anew", action="store_true", help="then put everything aside, for the next term"
    )
    rename = commands.add_parser("rename", help="give a student another id")
    rename.add_argument("old")
    rename.add_argument("new")
    merge = commands.add_parser("merge_students", help="make two ids one student: the second stays")
    merge.add_argument("other")
    merge.add_argument("student")
    forget = commands.add_parser("forget", help="delete one student's data")
    forget.add_argument("student")
    forget.add_argument("--yes", action="store_true", help="without asking")


def run(arguments: argparse.Namespace) -> int:
    """Run one of these commands; return the exit status."""
    from autograder.care.places import Places

    try:
        said = COMMANDS[arguments.command](Places.of(Path.cwd()), arguments)
    except (CareError, OSError) as error:
        print(_sentence(error), file=sys.stderr)
        return 1
    print("\n".join(said))
    return 0


def _backup(places: object, arguments: argparse.Namespace) -> list[str]:
    from autograder.care.back_up import back_up

    path, said = back_up(places)
    return [f"{path} ({path.stat().st_size / 1e6:.1f} MB)", *said]


def _restore(places: object, arguments: argparse.Namespace) -> list[str]:
    from autograder.care.restore import restore

    return restore(places, arguments.file)


def _archive(places: object, arguments: argparse.Namespace) -> list[str]:
    from autograder.care.term import archive, begin_anew

    said = [f"{arguments.file} holds the course.", *archive(places, arguments.file.absolute())]
    return said + (begin_anew(places) if arguments.begin_anew else [])


def _rename(places: object, arguments: argparse.Namespace) -> list[str]:
    from autograder.care.rename import rename

    return [*rename(places, arguments.old, arguments.new), *_reports(places)]


def _merge(places: object, arguments: argparse.Namespace) -> list[str]:
    from autograder.care.merge import merge

    return [*merge(places, arguments.other, arguments.student), *_reports(places)]


def _forget(places: object, arguments: argparse.Namespace) -> list[str]:
    from autograder.care import forget

    found = forget.traces(places, arguments.student)
    if not (found.paths or found.gradebooks):
        raise CareError(f"There is nothing of a student {arguments.student!a} here.")
    print("\n".join(["Will be deleted:", *found.lines()]), flush=True)
    if not arguments.yes and _typed("Type the id to delete all of this: ") != arguments.student:
        raise CareError("Nothing was deleted.")
    forget.forget(found)
    return [
        f"Deleted: all of {arguments.student!a}.",
        *_reports(places),
        *forget.left(places, arguments.student),
    ]


def _typed(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        return ""


def _reports(places: object) -> list[str]:
    """Make again what was made for the whole class."""
    from autograder.report import write_report
    from autograder.report.exports import canvas_csv, moodle_csv

    said = []
    for page in sorted((places.root / "reports").glob("*.html")):
        try:
            for write in (write_report, canvas_csv, moodle_csv):
                write(places.root, page.stem)
            said.append(f"Made again: the report on {page.stem}.")
        except (FileNotFoundError, LookupError) as error:
            for stale in (page, *page.parent.glob(f"{page.stem}-*.csv")):
                stale.unlink()
            said.append(f"The report on {page.stem} is deleted: {error.args[0]}")
    return said


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and not isinstance(error, CareError):
        place = f" ({error.filename})" if error.filename else ""
        return f"It was not done, and what was there is as it was: {error.strerror}{place}."
    return str(error)


COMMANDS = {
    "backup": _backup,
    "restore": _restore,
    "archive": _archive,
    "rename": _rename,
    "merge_students": _merge,
    "forget": _forget,
}
