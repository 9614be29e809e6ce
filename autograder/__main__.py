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
    parser.parse_args()
    try:
        names = release()
    except subprocess.CalledProcessError:
        print("nbgrader refused an assignment; the reason stands above.", file=sys.stderr)
        return 1
    print(f"exercises/ holds {', '.join(names)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
