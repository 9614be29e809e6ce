"""Grading speed in a course that nobody here wrote: stock nbgrader beside ours, one class, one run.

Prints a table; asserts that both give the same points. The course is one of those that the tests
grade: several notebooks an assignment, hidden tests, answers by hand, files beside. The grader is
installed as that course would have it, without torch.

Run it as ``python -m tests.bench.plain`` (``make bench`` does); an argument is the class's size.
"""

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.autograder import foreign
from tests.bench.grading import CLASS, command


def main() -> None:
    """Print the table."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else CLASS
    right = foreign.SEMINAR.students["right"]
    course = replace(
        foreign.SEMINAR,
        kernels={},
        students={f"student{number:03}": right for number in range(size)},
    )
    ways = {
        "stock nbgrader autograde": ("nbgrader", "autograde", course.assignment),
        "python -m autograder grade": ("autograder", "grade", course.assignment),
    }
    seconds, points = [], []
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as site:
        os.environ["PYTHONPATH"] = str(foreign.install(Path(site)))
        for number, way in enumerate(ways.values()):
            folder = foreign.write(Path(place) / str(number), course, plugged=number == 1)
            command(folder, "nbgrader", "generate_assignment", course.assignment)
            foreign.hand_in(folder, course)
            seconds.append(command(folder, *way)[0])
            points.append(foreign.grades(folder, course))
    assert points[0] == points[1]
    print(f"{size} submissions of {len(course.notebooks)} notebooks, {os.cpu_count()} cores\n")
    print(f"{'':28}{'seconds':>9}{'a student':>11}{'faster':>9}")
    for name, each in zip(ways, seconds, strict=True):
        print(f"{name:28}{each:9.1f}{each / size:11.2f}{seconds[0] / each:8.1f}x")


if __name__ == "__main__":
    main()
