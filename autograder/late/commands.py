"""What a person types: ``python -m autograder due``."""

import argparse
import sys
from pathlib import Path


def add_to(commands: argparse._SubParsersAction) -> None:
    """Add the command of this room."""
    due = commands.add_parser("due", help="say when an assignment is due, for all or for one")
    due.add_argument("assignment")
    due.add_argument("when", help="a time like '2026-12-01 18:00'; none; for one also: excused")
    due.add_argument("--student", help="whose date it is; everyone's without")


def run(arguments: argparse.Namespace) -> int:
    """Say when an assignment is due, and what that changes for who is graded."""
    from autograder.course import course_directory
    from autograder.late.dates import set_due
    from autograder.late.penalties import count_lateness

    course = course_directory(Path.cwd())
    try:
        print(set_due(course, arguments.assignment, arguments.when, arguments.student))
    except (LookupError, ValueError) as error:
        print(error.args[0], file=sys.stderr)
        return 1
    for student, change in count_lateness(course, course.config, arguments.assignment).items():
        print(f"{student} had {change.before.score:g} points, and has {change.after.score:g}.")
    return 0
