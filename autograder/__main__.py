"""The instructor's commands: ``python -m autograder release``."""

import argparse
import subprocess
import sys

from autograder.release import release


def main() -> int:
    """Run the command that was asked for; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m autograder", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("release", help="regenerate exercises/ from solutions/")
    commands.add_parser("practice_test", help="regenerate the book's practice test from the bank")
    key = commands.add_parser("key", help="print one student's ten questions with their answers")
    key.add_argument("student", help="the student's id, as nbgrader knows it")
    arguments = parser.parse_args()
    return COMMANDS[arguments.command](arguments)


def run_release(arguments: argparse.Namespace) -> int:
    """Regenerate every assignment."""
    try:
        names = release()
    except subprocess.CalledProcessError:
        print("nbgrader refused an assignment; the reason stands above.", file=sys.stderr)
        return 1
    print(f"exercises/ holds {', '.join(names)}")
    return 0


def run_practice_test(arguments: argparse.Namespace) -> int:
    """Regenerate the practice test."""
    from autograder.practice_test import (
        write_practice_test,
    )  # imports torch, which release does not

    print(write_practice_test())
    return 0


def run_key(arguments: argparse.Namespace) -> int:
    """Print what one student is asked in lr_test, and what is right."""
    from autograder.bank.marking import answer_key

    print(answer_key(arguments.student))
    return 0


COMMANDS = {"release": run_release, "practice_test": run_practice_test, "key": run_key}

if __name__ == "__main__":
    sys.exit(main())
