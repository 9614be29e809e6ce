"""Whether a class of 1,000 costs as much a student as one of 100, on the same cores.

Prints a table; asserts nothing. Sandbox and judge are simulated: what they cost does not depend on
the others of a class, and here they cost nothing. All the rest is real: workers that read, rebuild
and store each submission, and the one process that records every outcome in the gradebook.

Run it as ``python -m tests.bench.scale`` (``make bench`` does).
"""

import os
import tempfile
from pathlib import Path

from tests.bench.grading import NAME, command, make_course

SIZES = (100, 300, 1_000)
SIMULATED = f"""
import sys
from autograder import __main__, fork_server
from autograder.grading.converter import Autograde
from autograder.grading.judged_run import JudgedRun


def right(self, nb, resources, items, problems):
    for name, points in items.points.items():
        part = {{"points": points, "earned": points, "message": "Right."}}
        items.verdicts[name] = {{"points": points, "max_points": points, "parts": [part]}}
        items.verdicts[name]["text"] = "Right.\\n"
    items.open.clear()
    return {{}}


JudgedRun.run_and_judge = right
Autograde.start_servers = __main__.running = lambda *names: None
sys.argv = ["autograder", "grade", "{NAME}"]
sys.exit(__main__.main())
"""


def main() -> None:
    """Print the table."""
    print(f"{'submissions':>11}{'seconds':>11}{'a student':>11}   (sandbox and judge simulated)")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            course = make_course(Path(folder) / "course", stock=False, size=size)
            (course / "simulated.py").write_text(SIMULATED)
            seconds, _ = command(course, "simulated")
            done = sum(len(names) for _, _, names in os.walk(course / "autograded"))
            assert done == size, f"{done} of {size} were graded"
        print(f"{size:11}{seconds:11.1f}{seconds / size:11.3f}", flush=True)


if __name__ == "__main__":
    main()
