"""The instructor's commands: ``python -m autograder release``, ``grade``, ``merge``, ..."""

import argparse
import csv
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from autograder.care import commands as care
from autograder.fork_server import JUDGE, WARM, running
from autograder.late import commands as late
from autograder.release import release


def main() -> int:
    """Run the command that was asked for; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m autograder", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    if find_spec("autograder.checks"):  # the grader is this course's own, not an installed one
        commands.add_parser("release", help="regenerate exercises/ from solutions/")
        commands.add_parser("practice_test", help="regenerate the practice test from the bank")
        commands.add_parser("hand_out", help="pack each assignment for students without a hub")
        key = commands.add_parser("key", help="print one student's ten questions with answers")
        key.add_argument("student", help="the student's id, as nbgrader knows it")
    roster = commands.add_parser("roster", help="read a class list, as Excel saves it")
    roster.add_argument("file", help="a table with the columns id, first_name, last_name, ...")
    for name, text in (
        ("withdraw", "take an assignment back, to release it again"),
        ("grade", "grade a class in parallel"),
        ("merge", "record shards' outcomes"),
        ("report", "write a class's report and its scores for Canvas and Moodle"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("assignment")
    care.add_to(commands)
    late.add_to(commands)
    grade = commands.choices["grade"]
    grade.add_argument(
        "--workers", type=int, help="submissions at one time (default: one more than cores)"
    )
    grade.add_argument("--shard", type=shard, help="i/n: run only every n-th, and record nothing")
    grade.add_argument("--force", action="store_true", help="grade everyone again, from nothing")
    grade.add_argument("--unsafe", action="store_true", help="run students' code without a sandbox")
    arguments = parser.parse_args()
    if arguments.command == "grade":  # both import torch while this process imports nbgrader
        running(JUDGE, arguments.assignment)
        if sys.platform == "linux" and not arguments.unsafe:
            running(WARM)

    from nbgrader.converters.base import NbGraderException
    from sqlalchemy.exc import OperationalError

    try:
        return COMMANDS[arguments.command](arguments)
    except NbGraderException:  # its reason is in the log
        return 1
    except OperationalError as error:
        print(f"The gradebook cannot be used now: {error.args[0]}", file=sys.stderr)
        return 1


def run_release(arguments: argparse.Namespace) -> int:
    """Regenerate every assignment."""
    try:
        names = release(Path.cwd())
    except subprocess.CalledProcessError:
        print("Not all is released; the reason stands above.", file=sys.stderr)
        return 1
    print(f"exercises/ holds {', '.join(names)}")
    return 0


def run_practice_test(arguments: argparse.Namespace) -> int:
    """Regenerate the practice test."""
    from autograder.checks.lr_test.practice import (
        write_practice_test,
    )  # imports torch, which release does not

    print(write_practice_test())
    return 0


def run_hand_out(arguments: argparse.Namespace) -> int:
    """Pack every assignment."""
    from autograder.release.hand_out import hand_out

    try:
        files = hand_out(Path.cwd())
    except subprocess.CalledProcessError:
        print("Nothing is packed: the wheel cannot be built, as it says above.", file=sys.stderr)
        return 1
    print("To hand out where there is no hub:")
    for path in files:
        print(f"{path.relative_to(Path.cwd())} ({path.stat().st_size / 1e6:.1f} MB)")
    return 0


def run_key(arguments: argparse.Namespace) -> int:
    """Print what one student is asked in lr_test, and what is right."""
    from autograder.checks.lr_test.marking import answer_key

    print(answer_key(arguments.student))
    return 0


def run_roster(arguments: argparse.Namespace) -> int:
    """Add the students of a class list to the gradebook."""
    from autograder.roster import import_roster

    try:
        counted, *complaints = import_roster(Path(arguments.file))
    except (OSError, ValueError, csv.Error) as error:
        print(f"{arguments.file}: nothing was read: {error}", file=sys.stderr)
        return 1
    print(counted, flush=True)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 0


def run_withdraw(arguments: argparse.Namespace) -> int:
    """Take an assignment back."""
    from nbgrader.exchange import ExchangeError

    from autograder.release.withdraw import withdraw

    try:
        said = withdraw(arguments.assignment)
    except (ExchangeError, LookupError, OSError) as error:
        print(f"It can still be fetched: {error}", file=sys.stderr)
        return 1
    print("\n".join(said))
    return 0


def run_grade(arguments: argparse.Namespace) -> int:
    """Grade a class, or a shard of it."""
    from autograder.grading.workers import grade

    failed = grade(
        arguments.assignment,
        arguments.workers,
        arguments.shard,
        arguments.force,
        arguments.unsafe,
    )
    return min(failed, 1)


def run_merge(arguments: argparse.Namespace) -> int:
    """Record what shards left."""
    from autograder.grading.workers import merge

    return min(merge(arguments.assignment), 1)


def run_report(arguments: argparse.Namespace) -> int:
    """Write the class report, and the files for Canvas and Moodle."""
    from autograder.course import course_directory
    from autograder.report import write_report
    from autograder.report.changed import changes_csv
    from autograder.report.exports import canvas_csv, moodle_csv

    root = Path(course_directory(Path.cwd()).root)
    try:
        for write in (write_report, canvas_csv, moodle_csv, changes_csv):
            if path := write(root, arguments.assignment):
                print(path)
    except (FileNotFoundError, LookupError) as error:  # not graded, or not merged yet
        print(error.args[0], file=sys.stderr)
        return 1
    return 0


def shard(text: str) -> tuple[int, int]:
    """Return the two numbers of ``i/n``."""
    part, total = (int(number) for number in text.split("/"))
    if not 1 <= part <= total:
        raise ValueError(f"{text} is no part of a whole")
    return part, total


COMMANDS = {
    "release": run_release,
    "practice_test": run_practice_test,
    "hand_out": run_hand_out,
    "key": run_key,
    "roster": run_roster,
    "due": late.run,
    "withdraw": run_withdraw,
    "grade": run_grade,
    "merge": run_merge,
    "report": run_report,
    **dict.fromkeys(care.COMMANDS, care.run),
}

if __name__ == "__main__":
    sys.exit(main())
