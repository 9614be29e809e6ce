"""``python -m autograder.classroom environment FOLDER``."""

import argparse
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
    arguments = parser.parse_args()
    try:
        environment.build(arguments.folder, arguments.exchange)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"There is no environment for students: {error}", file=sys.stderr)
        return 1
    print(f"Students' servers can run in {arguments.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
