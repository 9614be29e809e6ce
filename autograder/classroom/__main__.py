"""The commands of a classroom: ``python -m autograder.classroom chapters``, ``demo``, ..."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from autograder.classroom import environment


def main() -> int:
    """Run the command that was asked for; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m autograder.classroom", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser(
        "environment", help="make the Python in which students' servers run"
    )
    build.add_argument("folder", type=Path)
    build.add_argument(
        "--exchange", type=Path, required=True, help="nbgrader's folder of all courses"
    )
    publish = commands.add_parser("chapters", help="put the chapters, alone, into a repository")
    publish.add_argument("repository", help="an address to push to, or a folder")
    demo_parser = commands.add_parser("demo", help="run a hub with a class to try, until Ctrl-C")
    demo_parser.add_argument("--port", type=int, default=8000)
    within = commands.add_parser(
        "in", help="run a command in a course, as the account that owns it"
    )
    within.add_argument("course")
    within.add_argument("words", nargs=argparse.REMAINDER, metavar="command")
    restore = commands.add_parser("restore", help="put back what a back-up of a course holds")
    restore.add_argument("course")
    restore.add_argument("file", type=Path)
    commands.add_parser("accounts", help="list everybody's system account")
    arguments = parser.parse_args()
    return COMMANDS[arguments.command](arguments)


def build_environment(arguments: argparse.Namespace) -> int:
    """Make the Python in which students' servers run."""
    try:
        environment.build(arguments.folder, arguments.exchange)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"There is no environment for students: {error}", file=sys.stderr)
        return 1
    print(f"Students' servers can run in {arguments.folder}")
    return 0


def publish_chapters(arguments: argparse.Namespace) -> int:
    """Put the chapters into a repository that students may pull."""
    from autograder.classroom import chapters

    try:
        changed = chapters.publish(arguments.repository)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"{arguments.repository} has no new chapters: {error}", file=sys.stderr)
        return 1
    told = "now holds the chapters" if changed else "holds these chapters already"
    print(f"{arguments.repository} {told}, and nothing else")
    return 0


def run_demo(arguments: argparse.Namespace) -> int:
    """Run the demo class."""
    from autograder.classroom import demo

    return demo.run(arguments.port)


def run_in_course(arguments: argparse.Namespace) -> int:
    """Become a command in a course, as the account that owns it."""
    from autograder.classroom import settings
    from autograder.classroom.hub.in_course import course_process

    try:
        found = settings.load()
        process = course_process(found, found.course(arguments.course), *arguments.words, log=False)
    except (settings.SettingsError, LookupError) as error:
        print(error, file=sys.stderr)
        return 1
    environment = os.environ | process.environment
    return subprocess.run(
        process.command, cwd=process.folder, env=environment, check=False
    ).returncode


def run_restore(arguments: argparse.Namespace) -> int:
    """Restore a course, and give students back what they have handed in."""
    from autograder.care import CareError
    from autograder.classroom import settings
    from autograder.classroom.hub import people, restored

    try:
        found = settings.load()
        print(restored.restore(found, found.course(arguments.course), arguments.file))
    except subprocess.CalledProcessError as error:
        print(error.stdout, file=sys.stderr)
    except (settings.SettingsError, LookupError, people.PeopleError, CareError, OSError) as error:
        print(error, file=sys.stderr)
    else:
        return 0
    return 1


def list_accounts(arguments: argparse.Namespace) -> int:
    """Print everybody's account and name, as Linux does not take every name."""
    from autograder.classroom import settings
    from autograder.classroom.accounts import account

    try:
        people = settings.load().people
    except settings.SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(f"{account(each)}\t{each}" for each in people))
    return 0


COMMANDS = {
    "chapters": publish_chapters,
    "demo": run_demo,
    "environment": build_environment,
    "in": run_in_course,
    "restore": run_restore,
    "accounts": list_accounts,
}

if __name__ == "__main__":
    sys.exit(main())
